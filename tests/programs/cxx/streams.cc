//# compilers: gcc clang
// Streams: numbers in every shape, strings, files, wide characters, locales.
//# stdin: 12 0x1f 3.25 word\n  rest of the line\n-7 nonsense
//# output-file: numbers.txt
//# output-file: wide.txt
#include <codecvt>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <locale>
#include <sstream>
#include <string>

namespace {

void numbers(std::ostream &out)
{
	out << 42 << ' ' << std::hex << std::showbase << 255 << ' ' << std::oct << 8 << std::dec << ' ' << true << ' '
	    << std::boolalpha << false << '\n';
	for (double value : {0.0, -0.0, 1.0 / 3, 1e300, 5e-324, std::numeric_limits<double>::infinity()})
		out << value << ' ' << std::fixed << std::setprecision(3) << (value < 1e200 ? value : 1.0) << ' ' << std::scientific
		    << value << ' ' << std::hexfloat << value << std::defaultfloat << std::setprecision(6) << '\n';
	out << std::setw(10) << std::setfill('*') << 5 << std::left << std::setw(6) << -5 << '|' << std::internal << std::setw(8)
	    << -5.5 << '|' << std::showpos << 3 << std::noshowpos << '\n';
	out << std::setprecision(21) << 1.0L / 3 << ' ' << std::numeric_limits<unsigned long long>::max() << '\n';
	out << std::quoted("a \"quoted\" text") << std::setfill(' ') << '\n';
}

void input()
{
	int a = 0, b = 0, c = 0;
	double d = 0;
	std::string word, line;
	std::cin >> a >> std::hex >> b >> std::dec >> d >> word;
	std::getline(std::cin, line);
	std::getline(std::cin, line);
	std::cin >> c;
	std::cout << a << ' ' << b << ' ' << d << ' ' << word << '[' << line << ']' << c << '\n';
	int none = 1;
	std::cin >> none;
	std::cout << none << std::cin.fail() << std::cin.eof() << '\n';
}

void files()
{
	{
		std::ofstream out("numbers.txt");
		numbers(out);
	}
	std::fstream both("numbers.txt", std::ios::in | std::ios::out | std::ios::ate);
	std::cout << "size " << both.tellg() << '\n';
	both.seekp(0, std::ios::end);
	both << "appended\n";
	both.seekg(3);
	std::string word;
	both >> word;
	std::cout << word << '\n';
	std::ifstream none("no such file");
	std::cout << none.is_open() << !none << '\n';
	try {
		none.exceptions(std::ios::failbit);
		none >> word;
	} catch (const std::ios_base::failure &e) {
		std::cout << e.what() << '\n';
	}
	std::ostringstream text;
	text << std::ifstream("numbers.txt").rdbuf();
	std::cout << text.str().size() << '\n';
}

void wide()
{
	std::wostringstream out;
	out << L"na\u00efve " << 3.5 << L' ' << std::setw(6) << 42;
	std::wstring text = out.str();
	std::wcout << text.size() << L' ' << (text == L"na\u00efve 3.5     42") << std::endl;
	std::wofstream file;
	file.imbue(std::locale(std::locale::classic(), new std::codecvt_utf8<wchar_t>));
	file.open("wide.txt");
	file << text << L" \u20ac\n";
	std::wstringstream in(L"17 2.5 w\u00f6rt");
	int i;
	double d;
	std::wstring word;
	in >> i >> d >> word;
	std::wcout << i << L' ' << d << L' ' << word.size() << std::endl;
	const auto &ctype = std::use_facet<std::ctype<wchar_t>>(std::locale::classic());
	std::wcout << ctype.is(std::ctype_base::alpha, L'x') << ctype.is(std::ctype_base::digit, L'x') << ctype.toupper(L'x')
		   << std::endl;
}

struct Points : std::numpunct<char> {
	char do_decimal_point() const override { return ','; }
	char do_thousands_sep() const override { return '.'; }
	std::string do_grouping() const override { return "\3"; }
};

void locales()
{
	std::cout << std::locale().name() << '\n';
	std::ostringstream out;
	out.imbue(std::locale(std::locale::classic(), new Points));
	out << 1234567 << ' ' << 1234.5;
	std::cout << out.str() << '\n';
	try {
		std::locale none("no such locale");
	} catch (const std::runtime_error &e) {
		std::cout << e.what() << '\n';
	}
	std::tm time = {};
	std::istringstream("2024-02-29 12:34:56") >> std::get_time(&time, "%Y-%m-%d %H:%M:%S");
	std::cout << std::put_time(&time, "%d.%m.%y %T") << '\n';
}

} // namespace

int main()
{
	numbers(std::cout);
	input();
	files();
	std::cout << std::flush;
	wide();
	locales();
	std::cerr << "error stream\n";
}
