// <cuchar>: UTF-16 and UTF-32 in C++, under C.UTF-8.
#include <climits>
#include <clocale>
#include <cstdio>
#include <cuchar>
#include <string>

namespace {

std::string bytes(const std::u16string &text)
{
	std::string result;
	std::mbstate_t state = {};
	char buffer[MB_LEN_MAX];
	for (char16_t unit : text)
		result.append(buffer, std::c16rtomb(buffer, unit, &state));
	return result;
}

std::u16string units(const std::string &text)
{
	std::u16string result;
	std::mbstate_t state = {};
	for (std::size_t at = 0; at < text.size();) {
		char16_t unit;
		std::size_t length = std::mbrtoc16(&unit, text.data() + at, text.size() - at, &state);
		if (length == static_cast<std::size_t>(-1) || length == static_cast<std::size_t>(-2))
			break;
		result += unit;
		if (length != static_cast<std::size_t>(-3))
			at += length;
	}
	// The second half of a last pair.
	char16_t unit;
	if (!std::mbsinit(&state) && std::mbrtoc16(&unit, "", 0, &state) == static_cast<std::size_t>(-3))
		result += unit;
	return result;
}

} // namespace

int main()
{
	std::setlocale(LC_ALL, "C.UTF-8");
	const std::u16string text = u"gr\u00fc\u00dfe \u20ac \U0001f600";
	const std::string encoded = bytes(text);
	std::printf("%s %zu %d\n", encoded.c_str(), encoded.size(), units(encoded) == text);
	char32_t wide;
	std::mbstate_t state = {};
	std::size_t length = std::mbrtoc32(&wide, encoded.data() + encoded.size() - 4, 4, &state);
	char buffer[MB_LEN_MAX];
	std::printf("%zu %x %zu\n", length, static_cast<unsigned>(wide), std::c32rtomb(buffer, wide, &state));
}
