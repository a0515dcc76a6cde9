// A list of at most N items that never allocates: what may pass the plug within one exchange.
#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>

namespace packrig {

template <class T, std::size_t N>
class BoundedList {
 public:
  BoundedList() = default;
  // Copies only what is in use: the lists ride in structs that are copied every tick.
  BoundedList(const BoundedList& other) { assign(other); }
  BoundedList& operator=(const BoundedList& other) {
    if (this != &other) assign(other);
    return *this;
  }

  // Throws std::length_error when the list is full: a device that floods is an error, not a lost edge.
  void push_back(const T& item) {
    if (size_ == N) throw std::length_error("more items within one exchange than the plug carries");
    items_[size_++] = item;
  }
  // Removes the first `count` <= size() items; the others move up.
  void drop_front(std::size_t count) {
    if (count == 0) return;
    for (std::size_t i = count; i < size_; ++i) items_[i - count] = items_[i];
    size_ -= count;
  }
  bool full() const { return size_ == N; }
  void clear() { size_ = 0; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  static constexpr std::size_t capacity() { return N; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  T& operator[](std::size_t i) { return items_[i]; }
  const T* begin() const { return items_.data(); }
  const T* end() const { return items_.data() + size_; }
  T* begin() { return items_.data(); }
  T* end() { return items_.data() + size_; }

 private:
  void assign(const BoundedList& other) {
    size_ = other.size_;
    for (std::size_t i = 0; i < size_; ++i) items_[i] = other.items_[i];
  }

  std::array<T, N> items_;
  std::size_t size_ = 0;
};

}  // namespace packrig
