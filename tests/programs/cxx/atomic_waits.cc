//# compilers: gcc clang
//# cpus: 1 2 4
// What is built on waiting for atomics, often enough for a lost wake-up to show: barriers, latches, semaphores, flags.
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <latch>
#include <semaphore>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

// Three threads meet again and again.
static int meetings(int rounds)
{
	int met = 0;
	std::barrier barrier(3, [&]() noexcept { ++met; });
	std::vector<std::jthread> threads;
	for (int i = 0; i < 3; ++i)
		threads.emplace_back([&] {
			for (int k = 0; k < rounds; ++k)
				barrier.arrive_and_wait();
		});
	threads.clear();
	return met;
}

// Threads that start and end together.
static int crowds(int rounds)
{
	int released = 0;
	for (int k = 0; k < rounds; ++k) {
		std::latch start(3);
		std::counting_semaphore<4> done(0);
		std::vector<std::jthread> threads;
		for (int i = 0; i < 3; ++i)
			threads.emplace_back([&] {
				start.arrive_and_wait();
				done.release();
			});
		for (int i = 0; i < 3; ++i, ++released)
			done.acquire();
	}
	return released;
}

// A value goes to and fro; `Number` is as wide as a futex, or not.
template <typename Number> static Number to_and_fro(Number rounds)
{
	std::atomic<Number> ball = 0;
	std::jthread other([&] {
		for (Number k = 1; k < rounds; k += 2) {
			for (Number seen; (seen = ball.load()) != k;)
				ball.wait(seen);
			ball = k + 1;
			ball.notify_one();
		}
	});
	for (Number k = 0; k < rounds; k += 2) {
		for (Number seen; (seen = ball.load()) != k;)
			ball.wait(seen);
		ball = k + 1;
		ball.notify_one();
	}
	for (Number seen; (seen = ball.load()) != rounds;)
		ball.wait(seen);
	return ball;
}

int main()
{
	std::printf("meetings %d\n", meetings(3000));
	std::printf("released %d\n", crowds(100));
	std::printf("to and fro %d, %ld\n", to_and_fro<int>(4000), to_and_fro<long>(4000));
	std::counting_semaphore<1> none(0);
	auto before = std::chrono::steady_clock::now();
	bool got = none.try_acquire_for(20ms);
	bool in_time = std::chrono::steady_clock::now() - before >= 20ms;
	std::printf("semaphore %d, waited long enough %d\n", got, in_time);
	std::binary_semaphore late(0);
	std::jthread releaser([&] {
		std::this_thread::sleep_for(5ms);
		late.release();
	});
	std::printf("released late %d\n", late.try_acquire_for(20s));
	return 0;
}
