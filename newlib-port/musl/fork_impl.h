/* Stands in for musl's header on fork, which there is not. */
