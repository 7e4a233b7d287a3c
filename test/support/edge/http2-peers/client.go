package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
)

func main() {
	base := os.Args[1]
	pem, err := os.ReadFile(os.Args[2])
	check(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		ForceAttemptHTTP2: true,
	}}
	for first := 0; first < 120; first += 40 {
		var all sync.WaitGroup
		for number := first; number < first+40; number++ {
			all.Add(1)
			go func() {
				defer all.Done()
				fields(client, base, number)
			}()
		}
		all.Wait()
	}
	answer, err := client.Post(base+"/upload", "text/plain", bytes.NewReader(make([]byte, 3_000_000)))
	check(err)
	size, err := io.ReadAll(answer.Body)
	check(err)
	expect(string(size) == "3000000", string(size))
	answer, err = client.Get(base + "/download")
	check(err)
	body, err := io.ReadAll(answer.Body)
	check(err)
	expect(len(body) == 5_000_000, fmt.Sprint(len(body)))
	fmt.Println("passed")
}

func fields(client *http.Client, base string, number int) {
	request, err := http.NewRequest("GET", base+"/fields", nil)
	check(err)
	request.Header.Set("x-case", fmt.Sprint(number))
	request.Header.Set("x-same", "the same each time")
	request.Header.Set("x-turn", fmt.Sprintf("value %d", number%3))
	request.Header.Set("x-long", strings.Repeat("z", number*37%900+1))
	request.Header.Set(fmt.Sprintf("x-name-%d", number%7), "\"{}~^|;=,'")
	request.Header.Set("cookie", fmt.Sprintf("a=%d; b=2", number))
	answer, err := client.Do(request)
	check(err)
	body, err := io.ReadAll(answer.Body)
	check(err)
	expect(answer.ProtoMajor == 2, answer.Proto)
	expect(answer.StatusCode == 200, string(body))
	expect(answer.Header.Get("x-case") == fmt.Sprint(number), answer.Header.Get("x-case"))
	expect(answer.Header.Get("x-turn") == fmt.Sprintf("answer %d", number%3), answer.Header.Get("x-turn"))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func expect(isRight bool, found string) {
	if !isRight {
		panic(found)
	}
}
