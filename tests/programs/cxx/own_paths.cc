// A program finds its own file and folder by std::filesystem, as C++ programs look for their data.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace fs = std::filesystem;

int main(int, char **argv)
{
	std::error_code error;
	const fs::path program = fs::path(argv[0]).filename();
	std::cout << (fs::canonical("/proc/self/exe", error).filename() == program) << error.value() << '\n';
	std::cout << (fs::read_symlink("/proc/self/exe", error).filename() == program) << error.value() << '\n';
	std::cout << (fs::weakly_canonical("/proc/self/cwd/none", error) == fs::current_path() / "none") << error.value() << '\n';
	std::cout << (fs::file_size("/proc/self/exe", error) == fs::file_size(fs::canonical("/proc/self/exe"))) << error.value() << '\n';
	std::cout << fs::equivalent("/proc/self/cwd", ".", error) << error.value() << '\n';
	std::cout << fs::is_symlink("/proc/self/exe") << fs::is_directory("/dev/fd") << fs::exists("/proc/self/none") << '\n';
	std::cout << std::distance(fs::directory_iterator("/proc/self/task"), fs::directory_iterator()) << '\n';
	std::ofstream("data") << "text";
	std::ifstream data("data");
	bool found = false;
	for (const auto &entry : fs::directory_iterator("/proc/self/fd"))
		found |= fs::is_symlink(entry.symlink_status()) && fs::canonical(entry.path(), error).filename() == "data";
	std::cout << found << '\n';
	std::string line;
	std::ifstream maps("/proc/self/maps");
	int lines = 0;
	while (std::getline(maps, line))
		lines++;
	std::cout << (lines > 3) << '\n';
	return 0;
}
