# The firmware for an emulated Cortex-M3, by Debian's cross compiler: <build>/targets/packrig_firmware_cortex_m.elf, and
# one for each sibling.
# The linker script declares no more than 64 KiB of flash and 16 KiB of RAM, stack included: what does not fit fails here.
set(FIRMWARE_ELF ${PACKRIG_TARGET_FOLDER}/packrig_firmware_cortex_m.elf)
find_program(PACKRIG_ARM_GXX arm-none-eabi-g++)
find_program(PACKRIG_ARM_GCC arm-none-eabi-gcc)
set(cpu -mcpu=cortex-m3 -mthumb)
if(PACKRIG_ARM_GCC)
  # The compiler alone is not enough: memcpy and memset come from newlib, for this very processor.
  execute_process(COMMAND ${PACKRIG_ARM_GCC} ${cpu} -print-file-name=libc_nano.a OUTPUT_VARIABLE newlib
                  OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(NOT PACKRIG_ARM_GXX OR NOT EXISTS "${newlib}")
  message(STATUS "No firmware for the emulated Cortex-M: gcc-arm-none-eabi or libnewlib-arm-none-eabi is not installed")
  # An old one would be run as if it were this source's.
  file(REMOVE ${FIRMWARE_ELF})
  return()
endif()

set(here ${CMAKE_CURRENT_LIST_DIR})
set(work ${CMAKE_CURRENT_BINARY_DIR}/cortex_m)
file(MAKE_DIRECTORY ${work} ${PACKRIG_TARGET_FOLDER})
file(GLOB c_sources CONFIGURE_DEPENDS ${here}/*.c)
list(APPEND c_sources ${CMAKE_CURRENT_SOURCE_DIR}/lockstep.c)
file(GLOB cpp_sources CONFIGURE_DEPENDS ${here}/*.cpp ${PROJECT_SOURCE_DIR}/models/bms/*.cpp
     ${PROJECT_SOURCE_DIR}/models/bms/protocol/*.cpp)
file(GLOB headers CONFIGURE_DEPENDS ${here}/*.h ${PROJECT_SOURCE_DIR}/models/bms/*.h*
     ${PROJECT_SOURCE_DIR}/models/bms/protocol/*.h*)
set(both ${cpu} -O2 -ffreestanding -ffunction-sections -fdata-sections -ffp-contract=off -I${PROJECT_SOURCE_DIR} -Wall
    -Wextra -Wpedantic -Wconversion -Wsign-conversion -Werror)

set(objects "")
foreach(source ${c_sources} ${cpp_sources})
  get_filename_component(name ${source} NAME)
  if(source IN_LIST c_sources)
    set(compile ${PACKRIG_ARM_GCC} ${both} -std=c11)
  else()
    set(compile ${PACKRIG_ARM_GXX} ${both} -std=c++20 -fno-exceptions -fno-rtti -fno-threadsafe-statics)
  endif()
  add_custom_command(
    OUTPUT ${work}/${name}.o
    COMMAND ${compile} -c ${source} -o ${work}/${name}.o
    DEPENDS ${source} ${headers} ${CMAKE_CURRENT_SOURCE_DIR}/lockstep.h
    COMMENT "Cross-compiling ${name}"
    VERBATIM)
  list(APPEND objects ${work}/${name}.o)
endforeach()
set(siblings "")
foreach(part ${PACKRIG_SIBLINGS})
  string(TOLOWER ${part} name)
  set(elf ${PACKRIG_TARGET_FOLDER}/packrig_firmware_cortex_m_${name}.elf)
  set(selection ${work}/sibling_${name}.o)
  add_custom_command(
    OUTPUT ${selection}
    COMMAND ${PACKRIG_ARM_GCC} ${both} -std=c11 -DPACKRIG_SIBLING="${part}" -c ${CMAKE_CURRENT_SOURCE_DIR}/sibling.c
            -o ${selection}
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sibling.c ${headers}
    COMMENT "Cross-compiling the choice of ${part}"
    VERBATIM)
  set(shared ${objects})
  list(FILTER shared EXCLUDE REGEX "/default_part\\.cpp\\.o$")
  add_custom_command(
    OUTPUT ${elf}
    COMMAND ${PACKRIG_ARM_GXX} ${cpu} -nostartfiles -nostdlib -T ${here}/mps2_an385.ld -Wl,--gc-sections
            -Wl,--fatal-warnings ${shared} ${selection} -lc_nano -lgcc -o ${elf}
    DEPENDS ${shared} ${selection} ${here}/mps2_an385.ld
    COMMENT "Linking the firmware of ${part} for the emulated Cortex-M"
    VERBATIM)
  list(APPEND siblings ${elf})
endforeach()
set(link ${PACKRIG_ARM_GXX} ${cpu} -nostartfiles -nostdlib -T ${here}/mps2_an385.ld -Wl,--gc-sections
    -Wl,--fatal-warnings -Wl,--print-memory-usage ${objects} -lc_nano -lgcc)
set_property(GLOBAL PROPERTY PACKRIG_CORTEX_M_LINK ${link})  # for the test of the limits
add_custom_command(
  OUTPUT ${FIRMWARE_ELF}
  COMMAND ${link} -o ${FIRMWARE_ELF}
  DEPENDS ${objects} ${here}/mps2_an385.ld
  COMMENT "Linking the firmware for the emulated Cortex-M"
  VERBATIM)
add_custom_target(firmware_cortex_m DEPENDS ${FIRMWARE_ELF} ${siblings})
add_dependencies(packrig_targets firmware_cortex_m)
