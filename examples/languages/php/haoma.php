<?php
declare(strict_types=1);

/** What Haoma refused. `action` says what the page should do: tap-again, use-fallback, show-message … */
final class HaomaError extends RuntimeException
{
    public readonly ?string $problem;
    public readonly string $action;

    public function __construct(array $problem)
    {
        parent::__construct($problem['detail'] ?? 'no answer');
        $this->problem = $problem['code'] ?? null;
        $this->action = $problem['action'] ?? 'retry';
    }
}

function getPhoneNumber(string $phoneCode): array
{
    $client = getenv('HAOMA_CLIENT_ID') . ':' . getenv('HAOMA_CLIENT_SECRET');
    $http = [
        'method' => 'POST',
        'header' => ['Authorization: Basic ' . base64_encode($client), 'Content-Type: application/json'],
        'content' => json_encode(['appid' => getenv('WECHAT_APPID'), 'phoneCode' => $phoneCode]),
        'timeout' => 20,
        'ignore_errors' => true, // an error has a body too
    ];
    foreach ([500_000, 2_000_000, null] as $waitUs) { // the same code gives the same number: send it again
        $text = @file_get_contents(getenv('HAOMA_URL') . '/v1/exchange', false, stream_context_create(['http' => $http]));
        $answer = is_string($text) ? json_decode($text, true) : null;
        if (isset($answer['e164'])) {
            return $answer; // e164, nationalNumber, countryCallingCode, capturedAt, component
        }
        if ($waitUs === null || ($answer['action'] ?? 'retry') !== 'retry') {
            throw new HaomaError($answer ?? []);
        }
        usleep($waitUs);
    }
}

function memberOf(string $accessToken): string
{
    $parts = explode('.', $accessToken) + ['', '', ''];
    [$head, $claims, $signature] = array_map(fn (string $part) => base64_decode(strtr($part, '-_', '+/')), $parts);
    ['kid' => $kid, 'alg' => $alg] = json_decode($head, true) ?? throw new RuntimeException('not a token');
    $key = array_column(signingKeys(), null, 'kid')[$kid] ?? throw new RuntimeException('unknown key');
    $isSigned = $alg === 'ES256' && strlen($signature) === 64
        && openssl_verify("$parts[0].$parts[1]", derOf($signature), pemOf($key), OPENSSL_ALGO_SHA256) === 1;
    ['sub' => $memberId, 'iss' => $issuer, 'aud' => $appid, 'exp' => $end] = json_decode($claims, true);
    if (!$isSigned || $issuer !== 'haoma' || $appid !== getenv('WECHAT_APPID') || $end < time()) {
        throw new RuntimeException('not a session of ours, or it is over');
    }
    return $memberId;
}

/** The keys, from a file for five minutes: a new one is published ten minutes before it signs. */
function signingKeys(): array
{
    $url = getenv('HAOMA_URL') . '/.well-known/jwks.json';
    $file = sys_get_temp_dir() . '/haoma-keys-' . md5($url) . '.json';
    if (!is_file($file) || filemtime($file) < time() - 300) {
        file_put_contents($file, file_get_contents($url), LOCK_EX);
    }
    return json_decode(file_get_contents($file), true)['keys'];
}

function pemOf(array $key): string
{
    $point = base64_decode(strtr($key['x'], '-_', '+/')) . base64_decode(strtr($key['y'], '-_', '+/'));
    $der = hex2bin('3059301306072a8648ce3d020106082a8648ce3d03010703420004') . $point;
    return "-----BEGIN PUBLIC KEY-----\n" . chunk_split(base64_encode($der), 64) . "-----END PUBLIC KEY-----\n";
}

/** A JWT carries the two numbers of a signature as they are; OpenSSL wants them as ASN.1. */
function derOf(string $signature): string
{
    $integers = '';
    foreach (str_split($signature, 32) as $number) {
        $number = ltrim($number, "\0");
        $number = ord($number[0] ?? "\0") > 0x7f || $number === '' ? "\0$number" : $number;
        $integers .= "\x02" . chr(strlen($number)) . $number;
    }
    return "\x30" . chr(strlen($integers)) . $integers;
}

function checkWebhook(array $headers, string $body, string $secret): array
{
    ['webhook-id' => $id, 'webhook-timestamp' => $sentAt, 'webhook-signature' => $signatures] = $headers;
    $key = base64_decode(substr($secret, strlen('whsec_')));
    $expected = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$sentAt.$body", $key, true));
    $matching = array_filter(explode(' ', $signatures), fn (string $one) => hash_equals($expected, $one));
    if (!$matching || abs(time() - (int) $sentAt) > 300) {
        throw new RuntimeException('not from Haoma, or too old');
    }
    return json_decode($body, true);
}
