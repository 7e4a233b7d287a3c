package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	fmt.Println(runtime.Version())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		dialer := &net.Dialer{Timeout: 20 * time.Second}
		connection, err := tls.DialWithDialer(dialer, "tcp", "127.0.0.1:"+words[1], &tls.Config{ServerName: words[0]})
		if err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
			continue
		}
		connection.Close()
		fmt.Println("accepts")
	}
}
