using NetArchTest.Rules;

namespace Orchestrator.Architecture.Tests;

/// <summary>Who may know whom.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Outside =
    [
        "MassTransit", "MongoDB", "Docker", "Microsoft.Data.Sqlite", "Microsoft.Extensions", "Microsoft.AspNetCore", "Serilog", "System.Net.Http", "System.Net.Sockets", "System.IO.File", "System.Threading.Tasks.Task",
    ];

    public static TheoryData<string> Domains => [.. Assemblies.Domains];

    public static TheoryData<string> EveryAssembly => [.. Assemblies.All];

    [Theory]
    [MemberData(nameof(Domains))]
    public void ADecision_KnowsValuesOnly(string domain)
    {
        Assert.All(Assemblies.ReferencesOf(domain), name => Assert.True(name == "Orchestrator.Contracts" || name.StartsWith("System.", StringComparison.Ordinal), $"{domain} references {name}"));
        var result = Types.InAssembly(Assemblies.Load(domain)).ShouldNot().HaveDependencyOnAny(Outside).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypeNames ?? []));
    }

    [Fact]
    public void Services_DoNotKnowEachOther()
    {
        foreach (var service in Assemblies.Services)
        {
            var others = Assemblies.Services.Where(other => other != service).SelectMany(other => other).Append("Orchestrator.SingleNode").ToHashSet();
            foreach (var part in service)
            {
                Assert.DoesNotContain(Assemblies.ReferencesOf(part), others.Contains);
            }
        }
    }

    [Fact]
    public void SharedParts_DoNotKnowServices()
    {
        var services = Assemblies.Services.SelectMany(service => service).Append("Orchestrator.SingleNode").ToHashSet();
        foreach (var shared in Assemblies.Shared)
        {
            Assert.DoesNotContain(Assemblies.ReferencesOf(shared), services.Contains);
        }
    }

    [Fact]
    public void Contracts_KnowNothingButTheFramework() =>
        Assert.All(Assemblies.ReferencesOf("Orchestrator.Contracts"), name => Assert.StartsWith("System.", name, StringComparison.Ordinal));

    [Theory]
    [InlineData("Docker.DotNet", "Orchestrator.NodeAgent")]
    [InlineData("Microsoft.Data.Sqlite", "Orchestrator.State")]
    [InlineData("MongoDB.Driver", "Orchestrator.State")]
    [InlineData("MassTransit.RabbitMqTransport", "Orchestrator.Messaging")]
    [InlineData("RabbitMQ.Client", "Orchestrator.Messaging")]
    [InlineData("YamlDotNet", "Orchestrator.Compose")]
    [InlineData("Spectre.Console", "orch")]
    [InlineData("Serilog", "Orchestrator.Hosting")]
    [InlineData("OpenTelemetry", "Orchestrator.Hosting")]
    [InlineData("Yarp.ReverseProxy", "Orchestrator.Gateway")]
    public void EachOutsideThing_HasOneDoor(string library, string door) =>
        Assert.Equal([door], Assemblies.All.Where(name => Assemblies.ReferencesOf(name).Contains(library)));

    [Fact]
    public void TheNodeAgent_TheGateway_AndTheCommandLine_DoNotKnowTheStore()
    {
        foreach (var name in new[] { "Orchestrator.NodeAgent", "Orchestrator.NodeAgent.Domain", "Orchestrator.Gateway", "orch" })
        {
            Assert.DoesNotContain("Orchestrator.State", Assemblies.ReferencesOf(name));
        }
    }

    [Theory]
    [MemberData(nameof(EveryAssembly))]
    public void AClass_IsSealed_UnlessSomethingDerivesFromIt(string assembly)
    {
        var types = Assemblies.Load(assembly).GetTypes();
        var bases = types.Select(type => type.BaseType).ToHashSet();
        Assert.DoesNotContain(types, type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !bases.Contains(type) && type.Namespace?.StartsWith("Orchestrator", StringComparison.Ordinal) == true && !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), false));
    }
}
