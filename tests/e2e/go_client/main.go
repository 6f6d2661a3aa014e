// Calls the API at API_URL with net/http, as public clients of 100ms in Go do: every list with all its filters, those
// that are not set at their zero value; every call with a content type. Prints `METHOD path status` for each call.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

type resolution struct {
	Height uint32 `json:"height,omitempty"`
	Width  uint32 `json:"width,omitempty"`
}

type startRecording struct {
	MeetingURL  string      `json:"meeting_url,omitempty"`
	Destination string      `json:"destination,omitempty"`
	AudioOnly   bool        `json:"audio_only,omitempty"`
	Resolution  *resolution `json:"resolution,omitempty"`
}

type filters struct {
	RoomID, SessionID, Status, Start string
	Limit                            int32
}

func (f filters) encode() string {
	values := url.Values{}
	values.Add("room_id", f.RoomID)
	values.Add("session_id", f.SessionID)
	values.Add("status", f.Status)
	values.Add("start", f.Start)
	values.Add("limit", strconv.Itoa(int(f.Limit)))
	return values.Encode()
}

func managementToken() string {
	now := time.Now().Unix()
	encoded := func(value any) string { return base64.RawURLEncoding.EncodeToString(marshal(value)) }
	signed := encoded(map[string]string{"alg": "HS256", "typ": "JWT"}) + "." + encoded(map[string]any{
		"access_key": os.Getenv("HMS_ACCESS_KEY"), "type": "management", "version": 2,
		"jti": strconv.FormatInt(time.Now().UnixNano(), 36), "iat": now, "nbf": now, "exp": now + 86400,
	})
	mac := hmac.New(sha256.New, []byte(os.Getenv("HMS_SECRET")))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func marshal(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		log.Fatal(err)
	}
	return text
}

var bearer = "Bearer " + managementToken()

func call(method, path string, body io.Reader) map[string]any {
	request, err := http.NewRequest(method, os.Getenv("API_URL")+"/v2/"+path, body)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Add("Authorization", bearer)
	request.Header.Add("Content-Type", "application/json")
	return do(request)
}

func do(request *http.Request) map[string]any {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	fmt.Println(request.Method, request.URL.Path, response.StatusCode)
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		log.Fatal(err)
	}
	return answer
}

func main() {
	created := call("POST", "rooms", bytes.NewBuffer(marshal(map[string]any{"name": "den", "active": true})))
	room := fmt.Sprint(created["id"])
	call("GET", "rooms/"+room, nil)

	var nothing *startRecording
	call("POST", "room-codes/room/"+room, nil)
	call("POST", "room-codes/room/"+room, strings.NewReader(""))
	call("POST", "room-codes/room/"+room, bytes.NewBuffer(marshal(nothing)))
	call("POST", "room-codes/room/"+room+"/role/host", nil)

	recording := startRecording{MeetingURL: "https://example.com/meeting", Resolution: &resolution{720, 1280}}
	call("POST", "recordings/room/"+room+"/start", bytes.NewBuffer(marshal(recording)))
	call("POST", "recordings/room/"+room+"/stop", nil)

	call("GET", "recordings?"+filters{RoomID: room}.encode(), nil)
	call("GET", "recording-assets?"+filters{}.encode(), nil)
	call("GET", "live-streams?"+filters{RoomID: room}.encode(), nil)
	call("GET", "external-streams?"+filters{Status: "running"}.encode(), nil)
	call("GET", "sessions?"+url.Values{
		"room_id": {room}, "active": {strconv.FormatBool(false)}, "before": {""}, "after": {""},
	}.Encode(), nil)
	call("GET", "rooms?"+url.Values{
		"name": {"den"}, "enabled": {strconv.FormatBool(true)}, "before": {""}, "after": {""},
	}.Encode(), nil)
}
