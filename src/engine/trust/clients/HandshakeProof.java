import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Asks https://NAME:PORT/PATH at 127.0.0.1 with the trust that this JDK has by default, host name
 * verification included. Arguments: NAME PORT PATH. java-proof.ts carries it compiled for Java 8, as
 * most computers have no compiler; test/unit/trust/java-proof.test.ts compiles it again and compares.
 */
public final class HandshakeProof {
  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    int port = Integer.parseInt(arguments[1]);
    Socket plain = new Socket("127.0.0.1", port);
    plain.setSoTimeout(20000);
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    SSLSocket socket = (SSLSocket) factory.createSocket(plain, name, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
      OutputStream out = socket.getOutputStream();
      String request =
          "GET " + arguments[2] + " HTTP/1.1\r\nHost: " + name + ":" + port + "\r\nConnection: close\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[4096];
      while (in.read(buffer) >= 0) {}
    } catch (Exception failure) {
      System.err.println(failure);
      System.exit(1);
    } finally {
      socket.close();
    }
  }
}
