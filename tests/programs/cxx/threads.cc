//# compilers: gcc clang
//# cpus: 1 4
// Everything with which C++ threads talk to each other.
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <functional>
#include <future>
#include <latch>
#include <mutex>
#include <numeric>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

void queue()
{
	std::mutex mutex;
	std::condition_variable ready;
	std::deque<int> items;
	bool closed = false;
	long sum = 0;
	auto consume = [&] {
		for (;;) {
			std::unique_lock lock(mutex);
			ready.wait(lock, [&] { return !items.empty() || closed; });
			if (items.empty())
				return;
			sum += items.front();
			items.pop_front();
		}
	};
	std::vector<std::thread> consumers;
	for (int i = 0; i < 3; ++i)
		consumers.emplace_back(consume);
	for (int i = 1; i <= 1000; ++i) {
		{
			std::lock_guard lock(mutex);
			items.push_back(i);
		}
		ready.notify_one();
	}
	{
		std::lock_guard lock(mutex);
		closed = true;
	}
	ready.notify_all();
	for (auto &consumer : consumers)
		consumer.join();
	printf("queue %ld\n", sum);
}

void futures()
{
	auto sum = std::async(std::launch::async, [] {
		std::vector<int> numbers(1000);
		std::iota(numbers.begin(), numbers.end(), 1);
		return std::accumulate(numbers.begin(), numbers.end(), 0);
	});
	auto fails = std::async(std::launch::async, []() -> int { throw std::runtime_error("from the other thread"); });
	auto deferred = std::async(std::launch::deferred, [] { return std::this_thread::get_id(); });
	printf("async %d, deferred here: %d\n", sum.get(), deferred.get() == std::this_thread::get_id());
	try {
		fails.get();
	} catch (const std::exception &e) {
		printf("async threw: %s\n", e.what());
	}
	std::future<int> abandoned = std::promise<int>().get_future();
	try {
		abandoned.get();
	} catch (const std::future_error &e) {
		printf("%s\n", e.what());
	}
	std::packaged_task<int(int)> task([](int x) { return x * x; });
	auto square = task.get_future();
	std::thread(std::move(task), 12).join();
	printf("task %d\n", square.get());
}

void once()
{
	std::once_flag flag;
	std::atomic<int> tries = 0, seen = 0;
	auto try_it = [&] {
		try {
			std::call_once(flag, [&] {
				if (++tries < 3)
					throw std::runtime_error("not yet");
			});
			++seen;
		} catch (const std::runtime_error &) {
		}
	};
	std::vector<std::thread> threads;
	for (int i = 0; i < 8; ++i)
		threads.emplace_back(try_it);
	for (auto &thread : threads)
		thread.join();
	printf("once: %d tries, %d saw it done\n", tries.load(), seen.load());
}

void locks()
{
	std::shared_mutex shared;
	std::recursive_mutex recursive;
	std::timed_mutex timed;
	long value = 0, reads = 0;
	std::atomic<long> total = 0;
	std::vector<std::jthread> threads;
	for (int i = 0; i < 4; ++i)
		threads.emplace_back([&, i] {
			for (int k = 0; k < 200; ++k)
				if (k % 4 == i) {
					std::unique_lock lock(shared);
					++value;
				} else {
					std::shared_lock lock(shared);
					total += value >= 0;
				}
		});
	threads.clear();
	{
		std::scoped_lock both(recursive, timed);
		std::lock_guard again(recursive);
		std::jthread([&] { reads = timed.try_lock_for(5ms) ? 1 : 2; });
	}
	printf("locks %ld %ld, timed out: %d\n", value, total.load(), reads == 2);
}

void waiting()
{
	std::atomic<int> step = 0;
	std::counting_semaphore<4> semaphore(0);
	std::latch latch(3);
	int rounds = 0;
	std::barrier barrier(3, [&]() noexcept { ++rounds; });
	std::vector<std::jthread> threads;
	for (int i = 0; i < 3; ++i)
		threads.emplace_back([&] {
			latch.arrive_and_wait();
			for (int k = 0; k < 5; ++k)
				barrier.arrive_and_wait();
			semaphore.release();
		});
	for (int i = 0; i < 3; ++i)
		semaphore.acquire();
	threads.clear();
	std::jthread setter([&] {
		std::this_thread::sleep_for(5ms);
		step = 1;
		step.notify_all();
	});
	step.wait(0);
	printf("barrier %d, atomic %d, empty semaphore %d\n", rounds, step.load(), semaphore.try_acquire_for(2ms));
}

void stopping()
{
	std::mutex mutex;
	std::condition_variable_any wake;
	bool stopped = false;
	std::jthread worker([&](std::stop_token token) {
		std::unique_lock lock(mutex);
		wake.wait(lock, token, [] { return false; });
		stopped = token.stop_requested();
	});
	worker.request_stop();
	worker.join();
	printf("stopped %d, joinable %d\n", stopped, worker.joinable());
}

} // namespace

int main()
{
	queue();
	futures();
	once();
	locks();
	waiting();
	stopping();
	try {
		std::thread thread;
		thread.join();
	} catch (const std::system_error &e) {
		printf("%d %s\n", e.code().value(), e.what());
	}
}
