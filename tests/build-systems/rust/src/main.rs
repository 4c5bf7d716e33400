//! What Rust's library asks an operating system for.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

unsafe extern "C" {
    safe fn twice(n: i32) -> i32;
}

thread_local! {
    static NUMBER: std::cell::Cell<u32> = const { std::cell::Cell::new(7) };
}

fn threads() {
    let sum = Arc::new(Mutex::new(0));
    let add = |by: u32| {
        let sum = sum.clone();
        thread::spawn(move || {
            NUMBER.set(NUMBER.get() + by);
            (0..1000).for_each(|_| *sum.lock().unwrap() += by);
            NUMBER.get()
        })
    };
    let numbers: Vec<u32> = (0..4).map(add).collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap()).collect();
    println!("{} {numbers:?} {}", sum.lock().unwrap(), NUMBER.get());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || (0..3).for_each(|number| sender.send(number).unwrap()));
    println!("{:?} {:?}", receiver.iter().collect::<Vec<i32>>(), receiver.recv_timeout(Duration::from_millis(5)));
}

fn files() {
    std::fs::create_dir_all("folder/inner").unwrap();
    std::fs::write("folder/file", "text").unwrap();
    let mut names: Vec<_> = std::fs::read_dir("folder").unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    println!("{names:?} {:?} {}", std::fs::read_to_string("folder/file"), std::fs::metadata("folder/file").unwrap().len());
    println!("{:?}", std::fs::File::open("no-such").map_err(|error| error.kind()).err());
    std::fs::remove_dir_all("folder").unwrap();
}

fn network() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut text = [0; 5];
        stream.read_exact(&mut text).unwrap();
        stream.write_all(&text).unwrap();
    });
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"there").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    server.join().unwrap();
    println!("{text} and back");
}

fn main() {
    println!("{:?}, twice 21 is {}", std::env::args().skip(1).collect::<Vec<_>>(), twice(21));
    let squares: HashMap<u64, u64> = (0..1000).map(|number| (number, number * number)).collect();
    println!("{}", squares.values().sum::<u64>());
    threads();
    files();
    network();
    std::panic::set_hook(Box::new(|_| ()));
    println!("{}", std::panic::catch_unwind(|| panic!("on purpose")).is_err());
    let before = Instant::now();
    thread::sleep(Duration::from_millis(20));
    println!("{}", before.elapsed() >= Duration::from_millis(20));
    println!("{}", Command::new("true").status().is_err_and(|error| error.kind() == ErrorKind::Unsupported));
}

#[cfg(test)]
mod tests {
    #[test]
    fn twice_two() {
        assert_eq!(super::twice(2), 4);
    }

    #[test]
    #[should_panic(expected = "as it should")]
    fn panics() {
        panic!("as it should");
    }
}
