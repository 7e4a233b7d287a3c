import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Trust comes from the properties javax.net.ssl.trustStore and its like. */
class Ask {
  public static void main(String[] args) throws Exception {
    System.out.println("Java " + Runtime.version());
    var lines = new BufferedReader(new InputStreamReader(System.in));
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      var words = line.split(" ");
      System.out.println(ask(words[0], Integer.parseInt(words[1])));
    }
  }

  private static String ask(String host, int port) {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    try (var plain = new Socket("127.0.0.1", port);
        var socket = (SSLSocket) factory.createSocket(plain, host, port, true)) {
      plain.setSoTimeout(20000);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return "accepts";
    } catch (Exception error) {
      Throwable cause = error;
      while (cause.getCause() != null) cause = cause.getCause();
      return (cause.getClass().getName() + ": " + cause.getMessage()).replace('\n', ' ');
    }
  }
}
