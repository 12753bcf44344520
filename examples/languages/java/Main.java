import java.nio.charset.StandardCharsets;

/** java Main exchange CODE | session TOKEN | webhook < body */
final class Main {
  public static void main(String[] arguments) throws Exception {
    System.out.println(switch (arguments[0]) {
      case "exchange" -> Haoma.getPhoneNumber(arguments[1]).get("e164").getAsString();
      case "session" -> Haoma.memberOf(arguments[1]);
      default -> Haoma.checkWebhook(
          System.getenv("WEBHOOK_ID"),
          System.getenv("WEBHOOK_TIMESTAMP"),
          System.getenv("WEBHOOK_SIGNATURE"),
          new String(System.in.readAllBytes(), StandardCharsets.UTF_8),
          System.getenv("WEBHOOK_SECRET")).get("type").getAsString();
    });
  }
}
