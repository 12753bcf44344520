package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
)

// go run . exchange CODE | session TOKEN | webhook < body
func main() {
	result, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(result)
}

func run(arguments []string) (string, error) {
	switch arguments[0] {
	case "exchange":
		number, err := GetPhoneNumber(arguments[1])
		return number.E164, err
	case "session":
		return MemberOf(arguments[1])
	default:
		body, err := io.ReadAll(os.Stdin)
		if err != nil {
			return "", err
		}
		headers := http.Header{}
		headers.Set("webhook-id", os.Getenv("WEBHOOK_ID"))
		headers.Set("webhook-timestamp", os.Getenv("WEBHOOK_TIMESTAMP"))
		headers.Set("webhook-signature", os.Getenv("WEBHOOK_SIGNATURE"))
		if err := CheckWebhook(headers, body, os.Getenv("WEBHOOK_SECRET")); err != nil {
			return "", err
		}
		var event struct{ Type string }
		err = json.Unmarshal(body, &event)
		return event.Type, err
	}
}
