using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Api.Join;

/// <summary>Section <c>Api:Join</c>: how other machines come to the broker.</summary>
public sealed class JoinOptions
{
    public const string Section = "Api:Join";

    /// <summary>The broker's management API with its administrator: <c>http://admin:password@rabbitmq:15672</c>. Absent: no machine can join.</summary>
    public Uri? BrokerManagement { get; set; }

    /// <summary>The broker as other machines reach it: <c>amqps://broker.example:5671</c>. Default: as this process does.</summary>
    public Uri? BrokerAddress { get; set; }

    /// <summary>The authority (PEM) that signed the broker's certificate; its hash goes into the tokens.</summary>
    public string? CaFile { get; set; }

    [Range(typeof(TimeSpan), "00:00:10", "30.00:00:00")]
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long who has used a token may ask again for the answer; then the token's user goes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan UsedTokenKept { get; set; } = TimeSpan.FromSeconds(15);

    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(5);
}
