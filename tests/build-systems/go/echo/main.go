// An HTTP server that tells what it was asked: method, URL, headers, host and form.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"sort"
)

func echo(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, "%s %s %s\n", r.Method, r.URL, r.Proto)
	var names []string
	for name := range r.Header {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(w, "Header[%q] = %q\n", name, r.Header[name])
	}
	fmt.Fprintf(w, "Host = %q\n", r.Host)
	if err := r.ParseForm(); err != nil {
		fmt.Fprintln(w, err)
	}
	for name, values := range r.Form {
		fmt.Fprintf(w, "Form[%q] = %q\n", name, values)
	}
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(listener.Addr())
	http.HandleFunc("/", echo)
	http.HandleFunc("/quit", func(http.ResponseWriter, *http.Request) { os.Exit(0) })
	fmt.Println(http.Serve(listener, nil))
}
