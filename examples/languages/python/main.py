"""python3 main.py exchange CODE | session TOKEN | webhook < body"""

import os
import sys

from haoma import check_webhook, get_phone_number

command, *arguments = sys.argv[1:]
if command == "exchange":
    print(get_phone_number(arguments[0])["e164"])
elif command == "session":
    from session import member_of

    print(member_of(arguments[0]))
elif command == "webhook":
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    headers = {name: os.environ[name.upper().replace("-", "_")] for name in names}
    print(check_webhook(headers, sys.stdin.buffer.read(), os.environ["WEBHOOK_SECRET"])["type"])
