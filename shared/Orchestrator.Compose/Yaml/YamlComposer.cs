using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orchestrator.Compose.Yaml;

/// <summary>
/// Makes nodes of YAML events, with limits: a small file must not become a large tree. Aliases share what they stand for;
/// its size is counted each time.
/// </summary>
internal sealed class YamlComposer
{
    private const int MaxSize = 100_000;
    private const int MaxDepth = 64;
    private static readonly TagName StringTag = "tag:yaml.org,2002:str";
    private static readonly HashSet<TagName> CoreTags =
    [
        StringTag, "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null",
        "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map", "tag:yaml.org,2002:merge",
    ];

    private readonly Parser _parser;
    private readonly Action<int, int, string> _onError;
    private readonly Dictionary<string, YamlNode?> _anchors = [];

    private YamlComposer(string text, Action<int, int, string> onError)
    {
        _parser = new Parser(new StringReader(text));
        _onError = onError;
    }

    /// <returns>The one document; null when there is none.</returns>
    /// <exception cref="YamlFault">Why the file cannot be read.</exception>
    public static YamlNode? Compose(string text, Action<int, int, string> onError)
    {
        var composer = new YamlComposer(text, onError);
        try
        {
            return composer.Document();
        }
        catch (YamlException exception)
        {
            if (exception.Message.Contains("invalid tab", StringComparison.Ordinal) && TabOf(text) is { } line)
            {
                // The parser names the beginning of the map.
                throw new YamlFault(line, 1, "this is not YAML: a tab cannot indent; write blanks");
            }

            throw new YamlFault((int)Math.Max(1, exception.Start.Line), (int)Math.Max(1, exception.Start.Column), $"this is not YAML: {Reason(exception)}");
        }
        catch (Exception exception) when (exception is not YamlFault)
        {
            // For some texts the parser throws what it does not promise: its own InvalidOperationException for a lone tab.
            var end = composer._parser.Current?.End ?? Mark.Empty;
            throw new YamlFault((int)Math.Max(1, end.Line), (int)Math.Max(1, end.Column), "this is not YAML");
        }
    }

    /// <returns>The first line that a tab indents.</returns>
    private static int? TabOf(string text)
    {
        var line = Array.FindIndex(text.Split('\n'), line => line.TrimStart(' ').StartsWith('\t'));
        return line < 0 ? null : line + 1;
    }

    private static string Reason(YamlException exception)
    {
        var text = exception.Message;
        var colon = text.IndexOf("): ", StringComparison.Ordinal);
        return (colon >= 0 ? text[(colon + 3)..] : text).ReplaceLineEndings(" ").TrimEnd('.');
    }

    private YamlNode? Document()
    {
        YamlNode? root = null;
        while (_parser.MoveNext())
        {
            if (_parser.Current is not DocumentStart start)
            {
                continue;
            }

            if (root is not null)
            {
                throw new YamlFault((int)start.Start.Line, (int)start.Start.Column, "a second document begins here; write one document in a file");
            }

            _parser.MoveNext();
            root = Node(1);
        }

        return root;
    }

    /// <summary>Reads the node that begins at the current event; leaves its last event current.</summary>
    private YamlNode Node(int depth)
    {
        var current = _parser.Current!;
        if (depth > MaxDepth)
        {
            throw Fault(current, $"this is nested deeper than {MaxDepth}; make it flatter");
        }

        switch (current)
        {
            case AnchorAlias alias:
                return Alias(alias);
            case Scalar scalar:
                CheckTag(scalar);
                return Named(scalar, new YamlScalar((int)scalar.Start.Line, (int)scalar.Start.Column, scalar.Value, scalar.Style != ScalarStyle.Plain || scalar.Tag == StringTag));
            case SequenceStart sequence:
                CheckTag(sequence);
                Announce(sequence);
                return Named(sequence, List(sequence, depth));
            case MappingStart mapping:
                CheckTag(mapping);
                Announce(mapping);
                return Named(mapping, Map(mapping, depth));
            default:
                throw Fault(current, "this is not understood");
        }
    }

    /// <summary>Tags such as <c>!reset</c> and <c>!override</c> ask for what is not done here.</summary>
    private void CheckTag(NodeEvent node)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific && !CoreTags.Contains(node.Tag))
        {
            _onError((int)node.Start.Line, (int)node.Start.Column, $"the tag {node.Tag.Value} is not supported; remove it");
        }
    }

    private YamlList List(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        var size = 1;
        while (Next() is not SequenceEnd)
        {
            items.Add(Node(depth + 1));
            size = Grow(size, items[^1], start);
        }

        return new YamlList((int)start.Start.Line, (int)start.Start.Column, size, items);
    }

    private YamlMap Map(MappingStart start, int depth)
    {
        var own = new List<KeyValuePair<YamlScalar, YamlNode>>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        var merges = new List<YamlMap>();
        var size = 1;
        while (Next() is not MappingEnd)
        {
            if (Node(depth + 1) is not YamlScalar key)
            {
                throw Fault(_parser.Current!, "a key must be a plain word");
            }

            Next();
            var value = Node(depth + 1);
            size = Grow(size + 1, value, start);
            if (key is { Value: "<<", Quoted: false })
            {
                merges.AddRange(Merged(key, value));
            }
            else if (lines.TryAdd(key.Value, key.Line))
            {
                own.Add(KeyValuePair.Create(key, value));
            }
            else
            {
                _onError(key.Line, key.Column, $"the key '{key.Value}' stands twice in this map (first in line {lines[key.Value]}); keep one");
            }
        }

        own.AddRange(merges.SelectMany(map => map.Entries).Where(entry => lines.TryAdd(entry.Key.Value, entry.Key.Line)));
        return new YamlMap((int)start.Start.Line, (int)start.Start.Column, size, own);
    }

    private IEnumerable<YamlMap> Merged(YamlScalar key, YamlNode value)
    {
        switch (value)
        {
            case YamlMap map:
                return [map];
            case YamlList list when list.Items.All(item => item is YamlMap):
                return list.Items.Cast<YamlMap>();
            default:
                _onError(key.Line, key.Column, "<<: merges maps only; write an alias of a map, or a list of them");
                return [];
        }
    }

    private static int Grow(int size, YamlNode child, ParsingEvent at) =>
        size + child.Size <= MaxSize
            ? size + child.Size
            : throw Fault(at, $"with all its aliases this is larger than {MaxSize} values; write it smaller");

    private YamlNode Alias(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value.Value, out var node))
        {
            throw Fault(alias, $"*{alias.Value.Value}: there is no anchor &{alias.Value.Value} before it");
        }

        return node ?? throw Fault(alias, $"*{alias.Value.Value} stands inside what it stands for; break the circle");
    }

    /// <summary>The anchor is there, but what it stands for is not finished.</summary>
    private void Announce(NodeEvent start)
    {
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = null;
        }
    }

    private YamlNode Named(NodeEvent start, YamlNode node)
    {
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = node;
        }

        return node;
    }

    private ParsingEvent Next()
    {
        _parser.MoveNext();
        return _parser.Current!;
    }

    private static YamlFault Fault(ParsingEvent at, string text) => new((int)at.Start.Line, (int)at.Start.Column, text);
}
