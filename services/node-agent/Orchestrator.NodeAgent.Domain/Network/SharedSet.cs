namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>A set to which parts add elements. Where several claim a key, the part whose id comes first has it, in whatever order they came.</summary>
internal sealed class SharedSet
{
    private readonly Dictionary<string, Claim> _claims = [];

    /// <summary>Null: no part has named it yet.</summary>
    public string? Type { get; private set; }

    /// <summary>How many parts name it.</summary>
    public int Named { get; private set; }

    public bool IsNobodys => Named == 0 && _claims.Count == 0;

    public string? this[string key] => _claims.GetValueOrDefault(key)?.Value;

    public ElementSet ToSet() => new(Type!, _claims.ToDictionary(claim => claim.Key, claim => claim.Value.Value));

    public void Name(string type) => (Type, Named) = (type, Named + 1);

    public void Unname() => Named--;

    public void Put(string part, SetElement element) => _claims[element.Key] = With(_claims.GetValueOrDefault(element.Key), part, element.Value);

    public void Drop(string part, string key)
    {
        if (Without(_claims.GetValueOrDefault(key), part) is { } left)
        {
            _claims[key] = left;
        }
        else
        {
            _claims.Remove(key);
        }
    }

    private static Claim With(Claim? claim, string part, string value) => claim switch
    {
        null => new Claim(part, value, null),
        _ when claim.Part == part => claim,
        _ when string.CompareOrdinal(part, claim.Part) < 0 => new Claim(part, value, claim),
        _ => claim with { Next = With(claim.Next, part, value) },
    };

    private static Claim? Without(Claim? claim, string part) => claim is null ? null : claim.Part == part ? claim.Next : claim with { Next = Without(claim.Next, part) };

    private sealed record Claim(string Part, string Value, Claim? Next);
}
