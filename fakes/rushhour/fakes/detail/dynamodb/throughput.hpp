/// \file
/// How many read and write units a table admits: buckets that are charged as much as a call uses up, one of
/// the table and one of each partition, for a key that everybody asks for may be all that is too slow.
///
/// Source: Amazon DynamoDB Developer Guide, "Burst and adaptive capacity" (300 seconds of what was not used),
/// "Designing partition keys" (3,000 read and 1,000 write units a second of a partition), "On-demand capacity
/// mode" (4 partitions of a new table): spec tag DOC. That a partition has a second's burst, and that what is
/// more than a full bucket passes when it is full, is CHOICE.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <rushhour/digest.hpp>
#include <rushhour/fakes/dynamodb_table.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail::dynamodb {

/// A token bucket in half units. Starts full; calls come in order of time.
class UnitBucket {
 public:
  /// At most 10 million units, and 300 seconds.
  UnitBucket(std::uint64_t units_per_second, std::chrono::seconds burst)
      : rate_(static_cast<std::int64_t>(units_per_second) * 2), burst_(burst), level_(capacity()) {}

  [[nodiscard]] bool admits(std::int64_t halves, Instant now) {
    refill(now);
    return level_ >= std::min(halves * second, capacity());
  }
  /// What was admitted at this instant.
  void take(std::int64_t halves) { level_ -= std::min(halves * second, capacity()); }

 private:
  static constexpr std::int64_t second = 1'000'000'000;  // parts of a half unit, as many as nanoseconds
  [[nodiscard]] std::int64_t capacity() const { return rate_ * burst_.count() * second; }
  void refill(Instant now) {
    const Duration passed = now - at_;
    at_ = std::max(at_, now);
    if (passed <= Duration::zero()) return;
    const std::int64_t room = capacity() - level_;
    const bool is_full = passed >= burst_ || passed.count() * rate_ >= room;
    level_ = is_full ? capacity() : level_ + passed.count() * rate_;
  }

  std::int64_t rate_;
  std::chrono::seconds burst_;
  std::int64_t level_;
  Instant at_{};
};

/// Of one table.
class Throughput {
 public:
  explicit Throughput(const TableCapacity& capacity)
      : table_(capacity.read_units, capacity.write_units, burst_of(capacity)),
        partitions_(partitions_of(capacity), Pair{capacity.partition_read_units,
                                                  capacity.partition_write_units, std::chrono::seconds{1}}) {}

  [[nodiscard]] bool try_read(std::string_view key, std::int64_t halves, Instant now) {
    return try_take(table_.read, partition_of(key).read, halves, now);
  }
  [[nodiscard]] bool try_write(std::string_view key, std::int64_t halves, Instant now) {
    return try_take(table_.write, partition_of(key).write, halves, now);
  }

 private:
  struct Pair {
    Pair(std::uint64_t read_units, std::uint64_t write_units, std::chrono::seconds burst)
        : read(read_units, burst), write(write_units, burst) {}
    UnitBucket read;
    UnitBucket write;
  };

  static std::chrono::seconds burst_of(const TableCapacity& capacity) {
    return capacity.billing == BillingMode::provisioned ? capacity.provisioned_burst
                                                        : std::chrono::seconds{1};
  }
  /// As many as the capacity needs: on demand at the greater of both needs, provisioned at their sum [DOC].
  static std::size_t partitions_of(const TableCapacity& capacity) {
    const auto divided_up = [](std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; };
    const std::uint64_t reads = divided_up(capacity.read_units, capacity.partition_read_units);
    const std::uint64_t writes = divided_up(capacity.write_units, capacity.partition_write_units);
    if (capacity.billing == BillingMode::on_demand) return static_cast<std::size_t>(std::max(reads, writes));
    return static_cast<std::size_t>(
        divided_up(capacity.read_units * capacity.partition_write_units +
                       capacity.write_units * capacity.partition_read_units,
                   capacity.partition_read_units * capacity.partition_write_units));
  }
  Pair& partition_of(std::string_view key) { return partitions_[hash(key) % partitions_.size()]; }

  static bool try_take(UnitBucket& table, UnitBucket& partition, std::int64_t halves, Instant now) {
    const bool table_admits = table.admits(halves, now);
    if (!partition.admits(halves, now) || !table_admits) return false;
    table.take(halves);
    partition.take(halves);
    return true;
  }

  Pair table_;
  std::vector<Pair> partitions_;
};

}  // namespace rushhour::fakes::detail::dynamodb
