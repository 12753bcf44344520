<?php
// php main.php exchange CODE | session TOKEN | webhook < body
require __DIR__ . '/haoma.php';

[, $command, $argument] = $argv + [2 => ''];
echo match ($command) {
    'exchange' => getPhoneNumber($argument)['e164'],
    'session' => memberOf($argument),
    'webhook' => checkWebhook([
        'webhook-id' => getenv('WEBHOOK_ID'),
        'webhook-timestamp' => getenv('WEBHOOK_TIMESTAMP'),
        'webhook-signature' => getenv('WEBHOOK_SIGNATURE'),
    ], file_get_contents('php://stdin'), getenv('WEBHOOK_SECRET'))['type'],
}, "\n";
