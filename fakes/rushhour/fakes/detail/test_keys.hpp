/// \file
/// The keys with which the fakes sign web identity tokens. They are no secrets: everybody has them, they were
/// made for this file, and nothing but a fake ever signs with them. Embedded, because a key drawn from a seed
/// would cost each world a second and OpenSSL draws its primes from no generator of ours.
#pragma once

#include <string_view>

namespace rushhour::fakes::detail {

/// RSA, 2048 bits, PKCS 8.
inline constexpr std::string_view test_rsa_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC2U/M/6lzA42pV\n"
    "qi5WHabwmP9H7QxmkrI5uTY+Fx+XZyXRzkMYQxoUsDIWh/S270LHOCAYoANYuO35\n"
    "xj658ZUIFDm3NYcrZcmNSsxL2M/W3MkbTBrYMUk7QKjOecSF2XIhOIcIyTggfsaH\n"
    "Ceqepuxh/TMdG5E0bqVhKA9pF2Amy6dCM3b85Yg5QsPhyPWUX3my9h8WSQ1AmGh0\n"
    "NfHosrrkvtoWWy/ynwuQj7gN9ds/ZLFpZG87tRPult7o9Ue7aKg9nULW3otHf9CC\n"
    "Te6XSIKvMwaUqx4vU38XpvcS7NwCTGirWNIwandrSM7Yo+y0+X+hsDg+X80QzPbT\n"
    "7Ru+en4xAgMBAAECggEAEdryzWWUI8ehmDYMR56rxJAXH+IU/s6K6aA7saTuEROm\n"
    "3n8Gjw+zNCd1IEO8MVYJAh169y5kZYHmvDkv12HTKHFinZB+Zj+Xl2Cl1R+sauxA\n"
    "PY4cauOYulbAsUe3eSwsQxiYEMIz3urLYloUQeky6P20zbrvY2UaiQM1TyNc5S+O\n"
    "IhBHB+rnpmrJHPQ8sjTOkAU5LXOzhth/XQBpFCB4Rs5vxhrZYWs5itgA/Of90RKu\n"
    "FA6g73bhOPsCRmXRjMSeTXbSeZN4Og/y3t3bkZ6oYWbx9jmHLCdmOhaziLdCyJ0X\n"
    "XpfNz+MR5Om/AyBnbXQlAJ9pF3K0wB0OlBzD6/83CQKBgQDep2VUPtt0kWSXNmDt\n"
    "uCEywrNK2zKpkAymQHsNY2kXKwc2a1NOr47SusHV6U3/DuQlXf3Erxu41VjfBmn0\n"
    "lk+j5YM74U7WBJQPkJJ9yZVKXkn2+50q4LzjmJ/5KMopalHwvKKhvAA0n7rQs+f3\n"
    "349UkpsmrpNEGd2BqQTSc/ogHwKBgQDRonKCdx8TNEFvIg8D2pZ6cMnC+OscquGC\n"
    "Ul93cijV7uY0hN+Is0iVxWN4KjNwSlRinJCCQkFqa8z8t7N0OniLo+xl4FffezxK\n"
    "NKKIhIlq5DP+4MsK7uoeB5DwYEBk5a9SDTgMP7pdSATcheyY8BOsWDhXQFm63xcU\n"
    "HSHiB+xXrwKBgQCHDlEHlg02Gw9CLckDyUHR8Yoh6O5FLkyN9+TsTRWs6Pu6BcYF\n"
    "n7Xpm0ECiT83bIf1JptM187gAgGjXtecdiSezRQamWNhrGtHObGyPTmiX6lL+Hnw\n"
    "TVwmTikTUKu4DXbgqPuZUVlqkk0WVVpq35+odDlKcHCByZK0GJsFMTZSjwKBgA0w\n"
    "NhoFGnxfzjoKn30zlEHxtI/CjzAHhBZpzj26fd0voWXucg2skcVyXJajuQa4dmSZ\n"
    "yvGW73ydeZDwkaafQxQt5OJn4b9ahml4tDz4cZi68JZ5V+zBKRNokHK+624tkQEN\n"
    "edgzbisOK9gfyMm6WNJ/3lOG5d4+yLnoN0h8DR9bAoGBAL6nanR99dC6BjH5WKZ7\n"
    "h7IWxumECavr7CGJV7nsJPqEayItYccUH6mn0TNHR2MYX8i0lJ19bBx2QfCItTVL\n"
    "iXd/CiUbQLRW+LlPW4nsUlOWv7jSP/Wh/Aur5eQQVXsxRYbhcMDgZGU+/KSBhsby\n"
    "VEvV1riCjpFjxewJn3ZKgatR\n"
    "-----END PRIVATE KEY-----\n";

/// Elliptic curve P-384, SEC 1.
inline constexpr std::string_view test_ec384_key =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MIGkAgEBBDCFT9JDNt26yMWVW/adQmXN0SX21afbS2lYXiWn0WLUSsG9gUe22GUR\n"
    "9Whc90Xme2mgBwYFK4EEACKhZANiAASuc05hoQGNqHgwWJ1BXmt6at4u2VsnAIKs\n"
    "NbLLPsyYIR9LapDA1s5DxnvOHMq65aS+PV8Psbkj6A8l4Jilv8cCaoV2t0AoN/88\n"
    "f7VD6ZVPI9+qPqVxlgcZeLVdWy7Ze80=\n"
    "-----END EC PRIVATE KEY-----\n";

}  // namespace rushhour::fakes::detail
