using System;

/// <summary>Program.exe exchange CODE | session TOKEN | ask-session TOKEN | webhook &lt; body</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        try
        {
            Console.WriteLine(Run(arguments[0], arguments.Length > 1 ? arguments[1] : null));
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return 1;
        }
    }

    static string Run(string command, string argument)
    {
        switch (command)
        {
            case "exchange": return Haoma.GetPhoneNumber(argument).GetAwaiter().GetResult().E164;
            case "session": return Haoma.MemberOf(argument).GetAwaiter().GetResult();
            case "ask-session": return Haoma.AskMemberOf(argument).GetAwaiter().GetResult();
            default:
                var body = new System.IO.StreamReader(Console.OpenStandardInput(), System.Text.Encoding.UTF8).ReadToEnd();
                Haoma.CheckWebhook(Of("WEBHOOK_ID"), Of("WEBHOOK_TIMESTAMP"), Of("WEBHOOK_SIGNATURE"), body, Of("WEBHOOK_SECRET"));
                return System.Text.RegularExpressions.Regex.Match(body, "\"type\":\"([^\"]+)\"").Groups[1].Value;
        }
    }

    static string Of(string name) => Environment.GetEnvironmentVariable(name);
}
