using System.Buffers.Binary;
using System.Net;
using System.Text;
using CsCheck;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Names;
using Orchestrator.NodeAgent.Domain.Network;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class NameTests
{
    private const string OfShop = "10.128.1.2";
    private const string OfBank = "10.128.1.3";
    private static readonly NetworkAttachment Plaza = new() { Name = "plaza", FullName = "plaza", Aliases = ["front"] };

    private static readonly NetworkMemory Memory = new()
    {
        Network = new UpdateNodeNetwork
        {
            NodeId = "n1", AsOf = DateTimeOffset.UnixEpoch, Range = "10.128.0.0/12", Vips = "10.143.0.0/16",
            Nodes = [new NodeAddress { NodeId = "n1", Name = "node-1", Address = "192.0.2.1", Subnet = "10.128.1.0/24" }],
        },
        Containers = new Dictionary<string, LocalContainer>
        {
            ["a"] = new("a", "shop-web", "shop", OfShop, new NetworkSpec { Networks = [new NetworkAttachment { Name = "default" }, Plaza] }),
            ["b"] = new("b", "bank-db", "bank", OfBank, new NetworkSpec()),
        },
        Services = new[]
        {
            SomeNetwork.Service("shop", "web", "10.143.0.1", ("n1", OfShop, true), ("n2", "10.128.2.2", true), ("n2", "10.128.2.3", false)) with
            {
                Ports = [new PortSpec { Target = 8080, Published = 80 }],
            },
            SomeNetwork.Service("bank", "web", "10.143.0.2", ("n2", "10.128.2.4", true)),
            SomeNetwork.Service("mall", "entry", "10.143.0.3", ("n2", "10.128.2.5", true)) with { Network = new NetworkSpec { Networks = [Plaza], EndpointMode = EndpointMode.Dnsrr }, Vip = null },
        }.ToDictionary(service => service.ServiceId),
    };

    [Theory]
    [InlineData("web", OfShop, "10.143.0.1")]
    [InlineData("web", OfBank, "10.143.0.2")]
    [InlineData("web.shop", OfBank, "10.143.0.1")]
    [InlineData("web.shop", "192.0.2.9", "10.143.0.1")]
    [InlineData("tasks.web", OfShop, "10.128.1.2 10.128.2.2")]
    [InlineData("tasks.web.bank", OfShop, "10.128.2.4")]
    [InlineData("2.web", OfShop, "10.128.2.2")]
    [InlineData("1.web.bank", OfShop, "10.128.2.4")]
    [InlineData("entry", OfShop, "10.128.2.5")]
    [InlineData("front", OfShop, "10.128.2.5")]
    [InlineData("node-1.node", OfShop, "192.0.2.1")]
    public void AName_MeansAddresses(string name, string asker, string addresses) =>
        Assert.Equal(addresses, string.Join(' ', Find(name, DnsRecord.A, asker)!.Records.Select(record => new IPAddress(BinaryPrimitives.ReverseEndianness(record.Address)).ToString()).Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("web", "192.0.2.9", null)]
    [InlineData("entry", OfBank, null)]
    [InlineData("example.org", OfShop, null)]
    [InlineData("nothing.shop", OfShop, false)]
    [InlineData("3.web", OfShop, false)]
    [InlineData("9.web", OfShop, false)]
    [InlineData("node-2.node", OfShop, false)]
    public void OtherNames_AreNotOurs_OrDenied(string name, string asker, bool? exists) => Assert.Equal(exists, Find(name, DnsRecord.A, asker)?.Exists);

    [Fact]
    public void ANameWithoutASixthVersionAddress_Exists() => Assert.Equal((true, 0), (Find("web", 28, OfShop)!.Exists, Find("web", 28, OfShop)!.Records.Count));

    [Fact]
    public void APort_IsFoundWithEachReadyTask()
    {
        var answer = Find("_8080._tcp.web", DnsRecord.Srv, OfShop)!;
        Assert.Equal(["1.web.shop 8080", "2.web.shop 8080"], answer.Records.Select(record => $"{record.Target} {record.Port}").Order(StringComparer.Ordinal));
        Assert.Equal(["1.web.shop", "2.web.shop"], answer.More.Select(record => record.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, Find("web", DnsRecord.Srv, OfShop)!.Records.Count);
    }

    [Fact]
    public void AnAnswer_IsWrittenAsTheStandardSays()
    {
        var question = Question("WEB", DnsRecord.A, extended: true);
        Assert.True(DnsMessages.TryRead(question, out var query));
        Assert.Equal(("web", DnsRecord.A, true, 1232), (query.Name, query.Type, query.Extended, query.UdpSize));
        var answer = DnsMessages.Answer(question, query, DnsMessages.NoError, [new DnsRecord(null, 0x0a8f0001)], [], query.UdpSize);
        Assert.Equal(
            "1234858000010001000000010357454200" + "00010001" + "c00c00010001000000000004" + "0a8f0001" + "00002904d0000000000000",
            Convert.ToHexStringLower(answer), ignoreCase: true);
    }

    [Fact]
    public void AnAnswerThatIsTooLong_SaysSo_AndHasNoRecord()
    {
        var question = Question("web", DnsRecord.A, extended: false);
        DnsMessages.TryRead(question, out var query);
        var answer = DnsMessages.Answer(question, query, DnsMessages.NoError, [.. Enumerable.Range(0, 60).Select(i => new DnsRecord(null, (uint)i))], [], query.UdpSize);
        Assert.Equal((2, 0, question.Length), (answer[2] & 2, answer[7], answer.Length));
    }

    [Fact]
    public void WhateverComes_IsReadOrRefused() => Gen.Byte.Array[0, 80].Sample(bytes => Assert.True(!DnsMessages.TryRead(bytes, out var query) || query.QuestionEnd <= bytes.Length));

    private static NameAnswer? Find(string name, ushort type, string asker) => new NameBook(Memory).Find(name, type, Ipv4Range.Number(IPAddress.Parse(asker)), 1);

    private static byte[] Question(string name, ushort type, bool extended)
    {
        var bytes = new List<byte> { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, (byte)(extended ? 1 : 0) };
        foreach (var label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        bytes.AddRange([0, 0, (byte)type, 0, 1]);
        if (extended)
        {
            bytes.AddRange([0, 0, 41, 16, 0, 0, 0, 0, 0, 0, 0]);
        }

        return [.. bytes];
    }
}
