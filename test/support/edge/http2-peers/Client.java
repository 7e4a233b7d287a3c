import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

class Client {
  public static void main(String[] args) throws Exception {
    var base = args[0];
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trusting(args[1])).build();
    for (int first = 0; first < 120; first += 40) {
      var answers = new ArrayList<CompletableFuture<?>>();
      for (int number = first; number < first + 40; number++) {
        int each = number;
        answers.add(client.sendAsync(fields(base, each), HttpResponse.BodyHandlers.ofString()).thenAccept(answer -> {
          expect(answer.version() == HttpClient.Version.HTTP_2, answer.version());
          expect(answer.statusCode() == 200, answer.body());
          expect(answer.headers().firstValue("x-case").get().equals("" + each), answer.headers());
          expect(answer.headers().firstValue("x-turn").get().equals("answer " + each % 3), answer.headers());
        }));
      }
      for (var answer : answers) answer.join();
    }
    var upload = HttpRequest.newBuilder(URI.create(base + "/upload"))
        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[3_000_000])).build();
    var size = client.send(upload, HttpResponse.BodyHandlers.ofString()).body();
    expect(size.equals("3000000"), size);
    var download = HttpRequest.newBuilder(URI.create(base + "/download")).build();
    var length = client.send(download, HttpResponse.BodyHandlers.ofByteArray()).body().length;
    expect(length == 5_000_000, length);
    System.out.println("passed");
  }

  static HttpRequest fields(String base, int number) {
    return HttpRequest.newBuilder(URI.create(base + "/fields"))
        .header("x-case", "" + number)
        .header("x-same", "the same each time")
        .header("x-turn", "value " + number % 3)
        .header("x-long", "z".repeat(number * 37 % 900 + 1))
        .header("x-name-" + number % 7, "\"{}~^|;=,'")
        .header("cookie", "a=" + number + "; b=2")
        .build();
  }

  static SSLContext trusting(String authority) throws Exception {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var file = new FileInputStream(authority)) {
      store.setCertificateEntry("test", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    var context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  static void expect(boolean isRight, Object found) {
    if (!isRight) throw new IllegalStateException("" + found);
  }
}
