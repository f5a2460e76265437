using System.Text.Json.Serialization;

namespace Orchestrator.Contracts;

[JsonConverter(typeof(JsonStringEnumConverter<PlacementStrategy>))]
public enum PlacementStrategy
{
    /// <summary>The default: fills nodes, and spreads the tasks of one service.</summary>
    Mixed,

    /// <summary>Fills nodes.</summary>
    Binpack,

    /// <summary>Spreads the tasks of a service, then takes the emptiest node.</summary>
    Spread,

    /// <summary>Any node, by the seed.</summary>
    Random,
}
