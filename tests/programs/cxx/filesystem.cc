// std::filesystem on the host's files.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

void tree()
{
	fs::create_directories("a/b/c");
	for (const char *name : {"a/1", "a/b/2", "a/b/c/3"})
		std::ofstream(name) << name << '\n';
	std::vector<std::string> found;
	for (const auto &entry : fs::recursive_directory_iterator("a"))
		found.push_back(entry.path().generic_string() + (entry.is_directory() ? "/" : ""));
	std::sort(found.begin(), found.end());
	for (const auto &name : found)
		std::cout << name << '\n';
}

void files()
{
	fs::copy_file("a/1", "copy");
	std::cout << fs::file_size("copy") << fs::exists("copy") << fs::exists("none") << '\n';
	fs::resize_file("copy", 100);
	fs::rename("copy", "moved");
	std::cout << fs::file_size("moved") << fs::exists("copy") << '\n';
	fs::create_symlink("a/1", "link");
	std::cout << fs::read_symlink("link").string() << fs::is_symlink("link") << fs::equivalent("link", "a/1") << '\n';
	fs::permissions("moved", fs::perms::owner_read);
	std::cout << static_cast<int>(fs::status("moved").permissions()) << '\n';
	auto time = fs::file_time_type::clock::now() - std::chrono::hours(48);
	fs::last_write_time("moved", time);
	std::cout << (fs::last_write_time("moved") - time < std::chrono::seconds(1)) << '\n';
	std::cout << fs::hard_link_count("moved") << fs::is_regular_file("moved") << fs::is_empty("a") << '\n';
	fs::copy("a", "twin", fs::copy_options::recursive);
	std::cout << fs::exists("twin/b/c/3") << ' ' << fs::remove_all("a") << ' ' << fs::exists("a") << '\n';
}

void paths()
{
	fs::path path = "/usr/lib/../share/doc.tar.gz";
	std::cout << path.filename() << path.stem() << path.extension() << path.parent_path() << path.lexically_normal() << '\n';
	std::cout << (fs::current_path() / "twin" == fs::canonical("./twin/../twin/.")) << fs::relative("twin/b", "twin") << '\n';
	std::cout << fs::temp_directory_path().is_absolute() << '\n';
}

void systems()
{
	auto space = fs::space(".");
	std::cout << (space.capacity > 0) << (space.capacity >= space.free) << (space.free >= space.available) << '\n';
	using fs::perm_options;
	std::error_code error;
	std::ofstream("plain") << "text";
	fs::create_symlink("plain", "to plain");
	fs::permissions("plain", fs::perms::owner_all, perm_options::replace | perm_options::nofollow, error);
	std::cout << error << ' ' << static_cast<int>(fs::status("plain").permissions()) << '\n';
	fs::permissions("to plain", fs::perms::owner_read, perm_options::replace | perm_options::nofollow, error);
	std::cout << error << ' ' << static_cast<int>(fs::status("plain").permissions()) << '\n';
	(void)fs::space("none", error);
	std::cout << error << '\n';
}

void errors()
{
	std::error_code error;
	std::cout << fs::remove("none", error) << error << '\n';
	fs::create_directory("none/below", error);
	std::cout << error << ' ' << error.message() << '\n';
	try {
		fs::directory_iterator none("none");
	} catch (const fs::filesystem_error &e) {
		std::cout << e.what() << '\n';
	}
}

} // namespace

int main()
{
	tree();
	files();
	paths();
	systems();
	errors();
}
