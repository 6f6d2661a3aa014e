<?php
// Calls the API at API_URL with Guzzle, as the Laravel packages for 100ms do: each call has a JSON body, `[]` if it has no
// data. Prints `METHOD path status` for each call.
require '/usr/share/php/GuzzleHttp/autoload.php';

function base64url(string $text): string
{
    return rtrim(strtr(base64_encode($text), '+/', '-_'), '=');
}

function managementToken(): string
{
    $now = time();
    $claims = ['access_key' => getenv('HMS_ACCESS_KEY'), 'type' => 'management', 'version' => 2,
        'jti' => bin2hex(random_bytes(16)), 'iat' => $now, 'nbf' => $now, 'exp' => $now + 86400];
    $signed = base64url(json_encode(['typ' => 'JWT', 'alg' => 'HS256'])) . '.' . base64url(json_encode($claims));
    return $signed . '.' . base64url(hash_hmac('sha256', $signed, getenv('HMS_SECRET'), true));
}

$client = new GuzzleHttp\Client(['base_uri' => getenv('API_URL'), 'http_errors' => false]);
$token = managementToken();

function call(string $method, string $path, array $data = []): array
{
    global $client, $token;
    $response = $client->request($method, $path, [
        'headers' => ['Authorization' => "Bearer $token", 'Content-Type' => 'application/json'],
        'json' => $data,
    ]);
    echo "$method $path {$response->getStatusCode()}\n";
    return json_decode($response->getBody()->getContents(), true);
}

$room = call('POST', '/v2/rooms')['id'] ?? 'none';
call('GET', '/v2/rooms');
call('GET', "/v2/rooms/$room");
call('POST', "/v2/room-codes/room/$room");
call('GET', "/v2/room-codes/room/$room");
call('POST', "/v2/room-codes/room/$room/role/host");
call('POST', "/v2/rooms/$room", ['enabled' => false]);
call('POST', "/v2/rooms/$room", ['enabled' => true]);
call('POST', "/v2/recordings/room/$room/start", ['meeting_url' => 'https://example.com/meeting']);
call('POST', "/v2/recordings/room/$room/stop");
