#include "rig/stimulus.hpp"

#include <cstdio>

#include "rig/names.hpp"

namespace packrig {

namespace {

std::string nine_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

std::string with_unit(double value, Quantity quantity) { return nine_digits(value) + " " + quantity_unit(quantity); }

struct Describe {
  std::string operator()(const Impose& x) const {
    const Quantity quantity = x.channel.quantity;
    if (x.duration_ns == 0) return "impose " + channel_label(x.channel) + " = " + with_unit(x.to, quantity);
    return "impose " + channel_label(x.channel) + " from " + with_unit(x.from, quantity) + " to " +
           with_unit(x.to, quantity) + " in " + nine_digits(to_s(x.duration_ns)) + " s";
  }
  std::string operator()(const Release& x) const { return "release " + channel_label(x.channel); }
  std::string operator()(const ReleaseAll&) const { return "release all"; }
  std::string operator()(const SetLoad& x) const {
    constexpr const char* kinds[] = {
        "none", "current", "power", "resistance", "profile of current", "profile of power"};
    return std::string("load: ") + kinds[static_cast<std::size_t>(x.load.kind)] + " " + nine_digits(x.load.value);
  }
  std::string operator()(const SetCharger& x) const {
    if (!x.charger.connected) return "charger unplugged";
    return "charger " + nine_digits(x.charger.cv_V) + " V, " + nine_digits(x.charger.cc_A) + " A";
  }
  std::string operator()(const SetAmbient& x) const { return "ambient " + nine_digits(x.ambient_degC) + " degC"; }
  std::string operator()(const ShortLoadPort& x) const {
    return "short circuit at the load port: " + nine_digits(x.short_Ohm) + " Ohm";
  }
  std::string operator()(const SetSenseWire& x) const {
    return "sense wire " + std::to_string(x.tap) + ": " + nine_digits(x.wire_Ohm) + " Ohm";
  }
  std::string operator()(const ShortCell& x) const {
    return "short inside cell " + std::to_string(x.cell) + " of group " + std::to_string(x.group) + ": " +
           nine_digits(x.short_Ohm) + " Ohm";
  }
  std::string operator()(const SetBusbar& x) const {
    return "busbar above group " + std::to_string(x.group) + ": " + nine_digits(x.busbar_Ohm) + " Ohm";
  }
  std::string operator()(const FitNtc& x) const {
    return "probe " + std::to_string(x.number) + (x.fitted ? " fitted" : " not fitted");
  }
  std::string operator()(const Weld& x) const {
    return std::string(contact_name(x.contact)) + " contact " + (x.welded ? "welded" : "free");
  }
  std::string operator()(const ReplaceFuse&) const { return "fuse replaced"; }
  std::string operator()(const SetCoilSupply& x) const {
    return std::string("supply of the relays' coils ") + (x.present ? "present" : "lost");
  }
  std::string operator()(const PressButton& x) const { return x.pressed ? "button pressed" : "button released"; }
  std::string operator()(const SendByte& x) const { return "byte " + std::to_string(x.value) + " to the BMS"; }
};

}  // namespace

std::string describe(const Stimulus& stimulus) { return std::visit(Describe{}, stimulus); }

}  // namespace packrig
