using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

/// <summary>Addresses in a row: <c>10.128.0.0/12</c>.</summary>
/// <param name="First">The network's address.</param>
/// <param name="Bits">The length of the prefix.</param>
[JsonConverter(typeof(Converter))]
public readonly record struct Ipv4Range(uint First, int Bits)
{
    private const int AddressBits = 32;

    public long Size => 1L << (AddressBits - Bits);

    /// <returns>Null where it is no range, or has bits behind its prefix.</returns>
    public static Ipv4Range? Parse(string? text)
    {
        var parts = (text ?? "").Split('/');
        return parts.Length <= 2
            && IPAddress.TryParse(parts[0], out var address) && address.AddressFamily == AddressFamily.InterNetwork && parts[0].Count(c => c == '.') == 3
            && int.TryParse(parts.ElementAtOrDefault(1) ?? "32", NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= AddressBits
            && Number(address) is var first && (first & ~Mask(bits)) == 0
                ? new Ipv4Range(first, bits)
                : null;
    }

    public static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    /// <returns>The address at this place, in dotted form.</returns>
    public string At(long place)
    {
        var number = (uint)(First + place);
        return string.Create(CultureInfo.InvariantCulture, $"{number >> 24}.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}");
    }

    public bool Contains(string? address) =>
        IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == AddressFamily.InterNetwork && (Number(parsed) & Mask(Bits)) == First;

    public bool Contains(Ipv4Range other) => other.Bits >= Bits && (other.First & Mask(Bits)) == First;

    public bool Overlaps(Ipv4Range other) => Contains(other) || other.Contains(this);

    /// <summary>The parts of this range that have so long a prefix, by number.</summary>
    public Ipv4Range Part(long number, int bits) => new((uint)(First + (number << (AddressBits - bits))), bits);

    /// <summary>How many parts of so long a prefix there are.</summary>
    public long Parts(int bits) => bits < Bits ? 0 : 1L << (bits - Bits);

    public override string ToString() => $"{At(0)}/{Bits.ToString(CultureInfo.InvariantCulture)}";

    private static uint Mask(int bits) => bits == 0 ? 0 : uint.MaxValue << (AddressBits - bits);

    private sealed class Converter : JsonConverter<Ipv4Range>
    {
        public override Ipv4Range Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.GetString()) ?? throw new JsonException("no range of addresses such as 10.128.0.0/12");

        public override void Write(Utf8JsonWriter writer, Ipv4Range value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
