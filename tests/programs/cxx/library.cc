//# compilers: gcc clang
// A walk through the rest of the library: time, chance, patterns, numbers as text, memory resources, ranges, coroutines.
#include <algorithm>
#include <any>
#include <array>
#include <bitset>
#include <charconv>
#include <chrono>
#include <complex>
#include <coroutine>
#include <iostream>
#include <map>
#include <memory>
#include <memory_resource>
#include <numeric>
#include <optional>
#include <random>
#include <ranges>
#include <regex>
#include <set>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <valarray>
#include <vector>

using namespace std::literals;

namespace {

void clocks()
{
	auto steady = std::chrono::steady_clock::now();
	auto system = std::chrono::system_clock::now();
	std::this_thread::sleep_for(3ms);
	std::cout << (std::chrono::steady_clock::now() - steady >= 3ms) << (std::chrono::system_clock::now() - system >= 2ms)
		  << (system > std::chrono::sys_days{std::chrono::year{2020} / 1 / 1}) << std::chrono::steady_clock::is_steady << '\n';
	std::chrono::year_month_day leap{std::chrono::year{2024} / 2 / std::chrono::last};
	std::cout << unsigned(leap.day()) << ' ' << std::chrono::duration_cast<std::chrono::seconds>(2h + 3min).count() << '\n';
}

void chance()
{
	std::random_device device;
	std::set<unsigned> seen;
	for (int i = 0; i < 16; ++i)
		seen.insert(device());
	std::mt19937_64 engine(42);
	std::normal_distribution<> normal;
	std::uniform_int_distribution<> dice(1, 6);
	std::cout << (seen.size() > 12) << ' ' << engine() << ' ' << dice(engine) << ' ' << normal(engine) << '\n';
}

void patterns()
{
	std::regex date(R"((\d{4})-(\d\d)-(\d\d))");
	std::string text = "from 2024-02-29 to 2025-01-01";
	for (std::sregex_iterator it(text.begin(), text.end(), date), end; it != end; ++it)
		std::cout << (*it)[1] << '/' << (*it)[2] << ' ';
	std::cout << std::regex_replace(text, date, "$3.$2.$1") << '\n';
	try {
		std::regex bad("(");
	} catch (const std::regex_error &e) {
		std::cout << e.what() << '\n';
	}
}

void numbers()
{
	std::array<char, 64> buffer;
	for (double value : {0.1, 1e23, 5e-324, 1.0 / 3}) {
		auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
		double back = 0;
		std::from_chars(buffer.data(), end, back);
		std::cout << std::string_view(buffer.data(), end - buffer.data()) << (back == value) << ' ';
	}
	int parsed = 0;
	auto result = std::from_chars(std::begin("99999999999"), std::end("99999999999"), parsed);
	std::cout << (result.ec == std::errc::result_out_of_range) << std::stoi("0x1f", nullptr, 16) << ' ' << std::stod("2.5e3")
		  << ' ' << std::to_string(3.5L) << '\n';
	std::complex<double> z = std::sqrt(std::complex<double>(-4, 0)) * 1.5i;
	std::valarray<double> v = {1, 2, 3};
	std::cout << z << ' ' << (v * v).sum() << ' ' << std::gcd(12, 18) << ' ' << std::hypot(2.0, 3.0, 6.0) << ' '
		  << std::riemann_zeta(2.0) << ' ' << std::bitset<10>(37) << '\n';
}

void memory()
{
	std::array<std::byte, 4096> arena;
	std::pmr::monotonic_buffer_resource resource(arena.data(), arena.size());
	std::pmr::map<int, std::pmr::string> map(&resource);
	for (int i = 0; i < 10; ++i)
		map.emplace(i, "a string that is too long for small strings " + std::to_string(i));
	std::weak_ptr<int> weak;
	{
		auto shared = std::make_shared<int>(5);
		weak = shared;
		std::cout << shared.use_count() << ' ';
	}
	struct alignas(256) Wide { char bytes[256]; };
	auto aligned = std::make_unique<Wide>();
	std::cout << map.at(7) << ' ' << weak.expired() << reinterpret_cast<uintptr_t>(aligned.get()) % 256 << '\n';
	std::any any = "text"s;
	std::optional<int> none;
	std::cout << std::any_cast<std::string>(any) << none.value_or(4) << '\n';
}

struct Generator {
	struct promise_type {
		int value = 0;
		Generator get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
		std::suspend_always initial_suspend() noexcept { return {}; }
		std::suspend_always final_suspend() noexcept { return {}; }
		std::suspend_always yield_value(int v) { value = v; return {}; }
		void return_void() {}
		void unhandled_exception() { throw; }
	};
	std::coroutine_handle<promise_type> handle;
};

Generator fibonacci(int count)
{
	for (int a = 0, b = 1; count-- > 0; a = std::exchange(b, a + b))
		co_yield a;
}

void new_things()
{
	auto even_squares = std::views::iota(1) | std::views::filter([](int i) { return i % 2 == 0; }) |
			    std::views::transform([](int i) { return i * i; }) | std::views::take(5);
	for (int i : even_squares)
		std::cout << i << ' ';
	auto generator = fibonacci(10);
	for (generator.handle.resume(); !generator.handle.done(); generator.handle.resume())
		std::cout << generator.handle.promise().value << ' ';
	generator.handle.destroy();
	std::vector<std::string> words = {"pear", "apple", "fig"};
	std::ranges::sort(words, {}, &std::string::size);
	std::cout << words[0] << ' ' << std::source_location::current().function_name() << '\n';
	std::unordered_map<std::string, int> counts;
	for (const auto &word : words)
		++counts[word.substr(0, 1)];
	std::cout << counts.size() << ' ' << std::span(words).size() << '\n';
}

} // namespace

int main()
{
	clocks();
	chance();
	patterns();
	numbers();
	memory();
	new_things();
}
