// The calls of a C# back end to Haoma: .NET Framework 4.7 and newer, .NET 6 and newer.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

[DataContract]
class Exchange
{
    [DataMember(Name = "appid")] public string AppId;
    [DataMember(Name = "phoneCode")] public string PhoneCode;
}

[DataContract]
public class PhoneNumber
{
    [DataMember(Name = "e164")] public string E164;
    [DataMember(Name = "nationalNumber")] public string NationalNumber; // the purePhoneNumber of WeChat
    [DataMember(Name = "countryCallingCode")] public string CountryCallingCode;
    [DataMember(Name = "capturedAt")] public string CapturedAt;
}

[DataContract]
public class Problem
{
    [DataMember(Name = "code")] public string Code;
    [DataMember(Name = "action")] public string Action;
    [DataMember(Name = "detail")] public string Detail;
}

/// <summary>What Haoma refused. Problem.Action says what the page should do: tap-again, use-fallback, show-message …</summary>
public class HaomaException : Exception
{
    public readonly Problem Problem;
    public HaomaException(Problem problem) : base(problem.Detail ?? "no answer") { Problem = problem; }
}

public static class Haoma
{
    static readonly string Url = Environment.GetEnvironmentVariable("HAOMA_URL");
    static readonly string AppId = Environment.GetEnvironmentVariable("WECHAT_APPID");
    static readonly HttpClient Http = new HttpClient { Timeout = TimeSpan.FromSeconds(20) }; // one for the whole program

    public static async Task<PhoneNumber> GetPhoneNumber(string phoneCode)
    {
        foreach (var waitMs in new[] { 500, 2000, 0 }) // the same code gives the same number: send it again
        {
            var problem = new Problem { Action = "retry" };
            try
            {
                var answer = await Post("/v1/exchange", Write(new Exchange { AppId = AppId, PhoneCode = phoneCode }), "application/json");
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode) return Read<PhoneNumber>(text);
                problem = Read<Problem>(text);
            }
            catch (Exception e) when (e is HttpRequestException || e is TaskCanceledException || e is SerializationException)
            {
                // Nothing came, or what a proxy in front of Haoma says.
            }
            if (waitMs == 0 || problem.Action != "retry") throw new HaomaException(problem);
            await Task.Delay(waitMs);
        }
        throw new InvalidOperationException();
    }

    static Task<HttpResponseMessage> Post(string path, string body, string type)
    {
        var client = Environment.GetEnvironmentVariable("HAOMA_CLIENT_ID") + ":" + Environment.GetEnvironmentVariable("HAOMA_CLIENT_SECRET");
        var request = new HttpRequestMessage(HttpMethod.Post, Url + path) { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(client)));
        return Http.SendAsync(request);
    }

    static T Read<T>(string json)
    {
        using (var stream = new MemoryStream(Encoding.UTF8.GetBytes(json)))
            return (T)new DataContractJsonSerializer(typeof(T)).ReadObject(stream);
    }

    static string Write<T>(T value)
    {
        using (var stream = new MemoryStream())
        {
            new DataContractJsonSerializer(typeof(T)).WriteObject(stream, value);
            return Encoding.UTF8.GetString(stream.ToArray());
        }
    }

    public static async Task<string> MemberOf(string accessToken)
    {
        var parts = accessToken.Split('.');
        var head = Read<Header>(Encoding.UTF8.GetString(Bytes(parts[0])));
        var claims = Read<Claims>(Encoding.UTF8.GetString(Bytes(parts[1])));
        var key = (await SigningKeys()).Single(one => one.Kid == head.Kid);
        var point = new ECPoint { X = Bytes(key.X), Y = Bytes(key.Y) };
        using (var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }))
        {
            var isSigned = head.Alg == "ES256" && ecdsa.VerifyData(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Bytes(parts[2]), HashAlgorithmName.SHA256);
            var isOver = claims.Exp < DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            if (!isSigned || isOver || claims.Iss != "haoma" || claims.Aud != AppId) throw new UnauthorizedAccessException();
        }
        return claims.Sub;
    }

    [DataContract]
    class Header
    {
        [DataMember(Name = "alg")] public string Alg = null;
        [DataMember(Name = "kid")] public string Kid = null;
    }

    [DataContract]
    class Claims
    {
        [DataMember(Name = "sub")] public string Sub = null;
        [DataMember(Name = "iss")] public string Iss = null;
        [DataMember(Name = "aud")] public string Aud = null;
        [DataMember(Name = "exp")] public long Exp = 0;
    }

    [DataContract]
    class Key
    {
        [DataMember(Name = "kid")] public string Kid = null;
        [DataMember(Name = "x")] public string X = null;
        [DataMember(Name = "y")] public string Y = null;
    }

    [DataContract]
    class KeySet
    {
        [DataMember(Name = "keys")] public List<Key> Keys = null;
    }

    static List<Key> keys;
    static DateTime keysAt;

    /// <summary>Keeps the keys for five minutes: a new one is published ten minutes before it signs.</summary>
    static async Task<List<Key>> SigningKeys()
    {
        if (keys == null || DateTime.UtcNow - keysAt > TimeSpan.FromMinutes(5))
        {
            keys = Read<KeySet>(await Http.GetStringAsync(Url + "/.well-known/jwks.json")).Keys;
            keysAt = DateTime.UtcNow;
        }
        return keys;
    }

    static byte[] Bytes(string base64url)
    {
        var base64 = base64url.Replace('-', '+').Replace('_', '/');
        return Convert.FromBase64String(base64.PadRight(base64.Length + (4 - base64.Length % 4) % 4, '='));
    }

    [DataContract]
    class Introspection
    {
        [DataMember(Name = "active")] public bool Active = false;
        [DataMember(Name = "sub")] public string Sub = null;
    }

    /// <summary>Asks Haoma (scope introspect); it also knows a session that was ended a moment ago.</summary>
    public static async Task<string> AskMemberOf(string accessToken)
    {
        var answer = await Post("/v1/introspect", "token=" + Uri.EscapeDataString(accessToken), "application/x-www-form-urlencoded");
        var session = Read<Introspection>(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return session.Active ? session.Sub : throw new UnauthorizedAccessException();
    }

    public static void CheckWebhook(string id, string sentAt, string signatures, string body, string secret)
    {
        using (var hmac = new HMACSHA256(Convert.FromBase64String(secret.Substring("whsec_".Length))))
        {
            var expected = "v1," + Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(id + "." + sentAt + "." + body)));
            var isFresh = Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - long.Parse(sentAt)) <= 300;
            if (!isFresh || !signatures.Split(' ').Any(given => IsEqual(given, expected))) throw new UnauthorizedAccessException();
        }
    }

    /// <summary>Takes as long for a wrong signature as for a right one.</summary>
    static bool IsEqual(string a, string b)
    {
        var difference = a.Length ^ b.Length;
        for (var i = 0; i < a.Length && i < b.Length; i++) difference |= a[i] ^ b[i];
        return difference == 0;
    }
}
