//! What kinds of requests there are, by their numbers.

use abi::hypercall::Number;

/// Whether the request is a read of the file's next bytes.
pub const fn is_read(number: Number) -> bool {
    matches!(number, Number::Read | Number::ReadV)
}

/// Whether the request waits for something to come out of its file.
pub const fn is_incoming(number: Number) -> bool {
    is_read(number) || takes(number)
}

/// Whether the request moves something in or out of one file, when that is ready.
pub const fn is_transfer(number: Number) -> bool {
    is_incoming(number) || matches!(number, Number::Write | Number::WriteV) || is_socket_request(number)
}

/// Whether a request on a socket may wait.
pub const fn is_socket_request(number: Number) -> bool {
    takes(number) || matches!(number, Number::Connect | Number::Send | Number::SendMessage)
}

/// Whether it waits for something to come.
const fn takes(number: Number) -> bool {
    matches!(number, Number::Accept | Number::Receive | Number::ReceiveMessage)
}
