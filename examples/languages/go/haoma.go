// The calls of a Go back end to Haoma. The standard library is enough.
package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// PhoneNumber is what Haoma gives for a phone code.
type PhoneNumber struct {
	E164               string    `json:"e164"`
	NationalNumber     string    `json:"nationalNumber"`
	CountryCallingCode string    `json:"countryCallingCode"`
	CapturedAt         time.Time `json:"capturedAt"`
	Component          string    `json:"component"`
}

// HaomaError is what Haoma refused. Action says what the page should do: tap-again, use-fallback, show-message …
type HaomaError struct {
	Code   string `json:"code"`
	Action string `json:"action"`
	Detail string `json:"detail"`
}

func (e *HaomaError) Error() string { return e.Code + ": " + e.Detail }

var client = &http.Client{Timeout: 20 * time.Second}

func GetPhoneNumber(phoneCode string) (number PhoneNumber, err error) {
	body, _ := json.Marshal(map[string]string{"appid": os.Getenv("WECHAT_APPID"), "phoneCode": phoneCode})
	for _, wait := range []time.Duration{0, time.Second / 2, 2 * time.Second} { // the same code gives the same number: send it again
		time.Sleep(wait)
		err = call("/v1/exchange", body, &number)
		var refused *HaomaError
		if err == nil || errors.As(err, &refused) && refused.Action != "retry" {
			return number, err
		}
	}
	return number, err
}

func call(path string, body []byte, answer any) error {
	request, err := http.NewRequest("POST", os.Getenv("HAOMA_URL")+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.SetBasicAuth(os.Getenv("HAOMA_CLIENT_ID"), os.Getenv("HAOMA_CLIENT_SECRET"))
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return json.NewDecoder(response.Body).Decode(answer)
	}
	refused := &HaomaError{Code: response.Status, Action: "retry"} // what a proxy in front of Haoma answers is not JSON
	_ = json.NewDecoder(response.Body).Decode(refused)
	return refused
}

func MemberOf(accessToken string) (string, error) {
	parts := strings.Split(accessToken, ".")
	var head struct{ Alg, Kid string }
	var claims struct {
		Sub, Iss, Aud string
		Exp           int64
	}
	if len(parts) != 3 || decode(parts[0], &head) != nil || decode(parts[1], &claims) != nil {
		return "", errors.New("not a token")
	}
	key, err := signingKey(head.Kid)
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || head.Alg != "ES256" || len(signature) != 64 {
		return "", errors.New("not signed by Haoma")
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	isSigned := ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	if !isSigned || claims.Iss != "haoma" || claims.Aud != os.Getenv("WECHAT_APPID") || claims.Exp < time.Now().Unix() {
		return "", errors.New("not a session of ours, or it is over")
	}
	return claims.Sub, nil
}

func decode(part string, into any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

var keys struct {
	sync.Mutex
	byID map[string]*ecdsa.PublicKey
	at   time.Time
}

// signingKey keeps the keys for five minutes: a new one is published ten minutes before it signs.
func signingKey(kid string) (*ecdsa.PublicKey, error) {
	keys.Lock()
	defer keys.Unlock()
	if time.Since(keys.at) > 5*time.Minute {
		response, err := client.Get(os.Getenv("HAOMA_URL") + "/.well-known/jwks.json")
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		var set struct {
			Keys []struct{ Kid, Crv, X, Y string }
		}
		if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
			return nil, err
		}
		keys.byID, keys.at = map[string]*ecdsa.PublicKey{}, time.Now()
		for _, one := range set.Keys {
			x, _ := base64.RawURLEncoding.DecodeString(one.X)
			y, _ := base64.RawURLEncoding.DecodeString(one.Y)
			point := &ecdsa.PublicKey{Curve: elliptic.P256(), X: new(big.Int).SetBytes(x), Y: new(big.Int).SetBytes(y)}
			if one.Crv == "P-256" && point.Curve.IsOnCurve(point.X, point.Y) {
				keys.byID[one.Kid] = point
			}
		}
	}
	if key := keys.byID[kid]; key != nil {
		return key, nil
	}
	return nil, errors.New("unknown key")
}

func CheckWebhook(headers http.Header, body []byte, secret string) error {
	id, sentAt := headers.Get("webhook-id"), headers.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(sentAt, 10, 64)
	if age := time.Since(time.Unix(seconds, 0)); err != nil || age > 5*time.Minute || age < -5*time.Minute {
		return errors.New("too old")
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + sentAt + "."))
	mac.Write(body)
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, given := range strings.Fields(headers.Get("webhook-signature")) {
		if hmac.Equal([]byte(given), []byte(expected)) {
			return nil
		}
	}
	return errors.New("not from Haoma")
}
