import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The calls of a Java back end to Haoma (Java 17, with Gson for JSON). */
final class Haoma {
  static final String URL = System.getenv("HAOMA_URL");
  static final String APPID = System.getenv("WECHAT_APPID");
  static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

  /** What Haoma refused. `action` says what the page should do: tap-again, use-fallback, show-message … */
  static final class Refused extends RuntimeException {
    final String code;
    final String action;

    Refused(JsonObject problem) {
      super(text(problem, "detail", "no answer"));
      code = text(problem, "code", null);
      action = text(problem, "action", "retry");
    }
  }

  /** e164, nationalNumber, countryCallingCode, capturedAt, component. */
  static JsonObject getPhoneNumber(String phoneCode) throws InterruptedException {
    var client = System.getenv("HAOMA_CLIENT_ID") + ":" + System.getenv("HAOMA_CLIENT_SECRET");
    var body = new JsonObject();
    body.addProperty("appid", APPID);
    body.addProperty("phoneCode", phoneCode);
    var request = HttpRequest.newBuilder(URI.create(URL + "/v1/exchange"))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(client.getBytes()))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
        .build();
    for (var waitMs : new int[] {500, 2000, 0}) { // the same code gives the same number: send it again
      var problem = new JsonObject();
      try {
        var answer = HTTP.send(request, BodyHandlers.ofString());
        if (answer.statusCode() == 200) return JsonParser.parseString(answer.body()).getAsJsonObject();
        problem = JsonParser.parseString(answer.body()).getAsJsonObject();
      } catch (IOException | RuntimeException noAnswer) {
        // Nothing came, or what a proxy in front of Haoma says.
      }
      if (waitMs == 0 || !text(problem, "action", "retry").equals("retry")) throw new Refused(problem);
      Thread.sleep(waitMs);
    }
    throw new IllegalStateException();
  }

  static String text(JsonObject of, String name, String otherwise) {
    return of.has(name) ? of.get(name).getAsString() : otherwise;
  }

  static String memberOf(String accessToken) throws Exception {
    var parts = accessToken.split("\\.");
    var head = json(parts[0]);
    var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initVerify(signingKey(head.get("kid").getAsString()));
    signature.update((parts[0] + "." + parts[1]).getBytes());
    var isSigned = head.get("alg").getAsString().equals("ES256") && signature.verify(bytes(parts[2]));
    var claims = json(parts[1]);
    if (!isSigned || !claims.get("iss").getAsString().equals("haoma") || !claims.get("aud").getAsString().equals(APPID)
        || claims.get("exp").getAsLong() < Instant.now().getEpochSecond()) throw new SecurityException("no session of ours, or it is over");
    return claims.get("sub").getAsString();
  }

  static byte[] bytes(String base64url) {
    return Base64.getUrlDecoder().decode(base64url);
  }

  static JsonObject json(String base64url) {
    return JsonParser.parseString(new String(bytes(base64url))).getAsJsonObject();
  }

  private static JsonObject keys;
  private static Instant keysAt = Instant.MIN;

  /** Keeps the keys for five minutes: a new one is published ten minutes before it signs. */
  static synchronized PublicKey signingKey(String kid) throws Exception {
    if (keysAt.isBefore(Instant.now().minusSeconds(300))) {
      var request = HttpRequest.newBuilder(URI.create(URL + "/.well-known/jwks.json")).build();
      keys = JsonParser.parseString(HTTP.send(request, BodyHandlers.ofString()).body()).getAsJsonObject();
      keysAt = Instant.now();
    }
    var p256 = AlgorithmParameters.getInstance("EC");
    p256.init(new ECGenParameterSpec("secp256r1"));
    for (var one : keys.getAsJsonArray("keys")) {
      var key = one.getAsJsonObject();
      if (!key.get("kid").getAsString().equals(kid)) continue;
      var x = new BigInteger(1, bytes(key.get("x").getAsString()));
      var y = new BigInteger(1, bytes(key.get("y").getAsString()));
      var curve = p256.getParameterSpec(ECParameterSpec.class);
      return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
    }
    throw new SecurityException("unknown key");
  }

  static JsonObject checkWebhook(String id, String sentAt, String signatures, String body, String secret)
      throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")), "HmacSHA256"));
    var expected = mac.doFinal((id + "." + sentAt + "." + body).getBytes(StandardCharsets.UTF_8));
    var isFresh = Math.abs(Instant.now().getEpochSecond() - Long.parseLong(sentAt)) <= 300;
    for (var given : signatures.split(" ")) {
      var bytes = Base64.getDecoder().decode(given.replaceFirst("^v1,", ""));
      if (isFresh && MessageDigest.isEqual(bytes, expected)) return JsonParser.parseString(body).getAsJsonObject();
    }
    throw new SecurityException("not from Haoma, or too old");
  }
}
