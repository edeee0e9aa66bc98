/// \file
/// The memory that the parts of one event live in. It frees nothing piece by piece and is no general
/// allocator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rushhour::event {

/// Memory for the parts of one event: allocation moves a pointer, reset() forgets everything and keeps the
/// blocks. What it holds is never destroyed, so it takes only trivially destructible types.
class Arena {
 public:
  /// The first block is made at first use, so an event of which nothing is read costs no memory.
  explicit Arena(std::size_t block_bytes = 4096) : block_bytes_(block_bytes) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&& other) noexcept { swap(other); }
  Arena& operator=(Arena&& other) noexcept {
    Arena taken{std::move(other)};
    swap(taken);
    return *this;
  }
  ~Arena() = default;

  void swap(Arena& other) noexcept {
    std::swap(blocks_, other.blocks_);
    std::swap(used_, other.used_);
    std::swap(at_, other.at_);
    std::swap(end_, other.end_);
    std::swap(block_bytes_, other.block_bytes_);
  }

  /// Everything handed out before is gone; the memory is kept for what comes.
  void reset() {
    if (used_ == 0) return;
    used_ = 0;
    at_ = end_ = nullptr;
  }

  /// Room for `count` objects of T, not initialised.
  template <class T>
  [[nodiscard]] std::span<T> make(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>, "an Arena destroys nothing");
    static_assert(alignof(T) <= alignof(std::max_align_t));
    return {static_cast<T*>(allocate(count * sizeof(T), alignof(T))), count};
  }

  /// A copy that lives as long as the arena's content.
  [[nodiscard]] std::string_view copy(std::string_view text) { return join({text}); }

  /// The texts one after the other.
  [[nodiscard]] std::string_view join(std::initializer_list<std::string_view> texts) {
    std::size_t length = 0;
    for (const std::string_view text : texts) length += text.size();
    if (length == 0) return {};
    char* const first = make<char>(length).data();
    char* to = first;
    for (const std::string_view text : texts) {
      if (!text.empty()) std::memcpy(to, text.data(), text.size());
      to += text.size();
    }
    return {first, length};
  }

  /// Bytes held, used or not.
  [[nodiscard]] std::size_t capacity() const {
    std::size_t sum = 0;
    for (const Block& block : blocks_) sum += block.size;
    return sum;
  }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size{};
  };

  [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment) {
    const auto misplaced = reinterpret_cast<std::uintptr_t>(at_) & (alignment - 1);
    const std::size_t padding = misplaced == 0 ? 0 : alignment - misplaced;
    if (static_cast<std::size_t>(end_ - at_) < size + padding) return allocate_from_next_block(size);
    std::byte* const result = at_ + padding;
    at_ = result + size;
    return result;
  }

  [[nodiscard]] void* allocate_from_next_block(std::size_t size) {
    while (used_ < blocks_.size() && blocks_[used_].size < size)
      ++used_;  // too small for this one: left empty
    if (used_ == blocks_.size()) {
      const std::size_t wanted = blocks_.empty() ? block_bytes_ : blocks_.back().size * 2;
      const std::size_t bytes = wanted < size ? size : wanted;
      // Not make_unique, which would clear the bytes; new[] aligns them for every ordinary type.
      blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[bytes]), bytes});
    }
    const Block& block = blocks_[used_++];
    at_ = block.bytes.get() + size;
    end_ = block.bytes.get() + block.size;
    return block.bytes.get();
  }

  std::vector<Block> blocks_;
  std::size_t used_ = 0;  // the blocks before it are in use; the last of them is being filled
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
  std::size_t block_bytes_ = 4096;
};

}  // namespace rushhour::event
