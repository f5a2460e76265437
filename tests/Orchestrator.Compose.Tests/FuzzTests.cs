using CsCheck;

namespace Orchestrator.Compose.Tests;

/// <summary>No text makes the reader throw, and it either gives a spec or says why not.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Pieces =
    [
        "services:\n", "  web:\n", "    image: web:1\n", "    ports:\n", "      - \"80:80\"\n", "    deploy: { replicas: 2 }\n", "&a ", "*a", "<<: *a\n", "${X:-y}", "$", "{", "}", "[", "]",
        ": ", "- ", "\n", "  ", "'", "\"", "|\n", ">\n", "---\n", "...\n", "!!str ", "null", "~", "\t", "#", "volumes:\n", "    volumes: [a:/b]\n", "\0", "\uFEFF", "é", "x-", "%YAML 1.2\n", "? ", ", ", "name: shop\n",
        "    healthcheck: { test: [NONE] }\n", "    environment: [A=1, B]\n", "    depends_on: [web]\n", "    env_file: a\n", "-1", "1e9", "true",
    ];

    private static readonly Gen<string> Piece = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]);

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[0, 200],
        Piece.Array[0, 40].Select(string.Concat),
        Gen.Select(Gen.Int[0, Sample.Length], Piece, (at, piece) => Sample.Insert(at, piece)),
        Gen.Select(Gen.Int[0, Sample.Length - 1], Gen.Int[1, 30], (at, count) => Sample.Remove(at, Math.Min(count, Sample.Length - at))));

    private const string Sample = """
        name: shop
        x-base: &base { init: true }
        services:
          web:
            <<: *base
            image: web:${V:-1}
            command: ["a", "b"]
            environment: { A: b }
            ports: ["127.0.0.1:80:80", { target: 1, published: 2, mode: host }]
            volumes: ["data:/data"]
            healthcheck: { test: ["CMD", "x"], interval: 1s }
            deploy: { replicas: 2, resources: { limits: { cpus: "1", memory: 64m } } }
            depends_on: [db]
          db: { image: db }
        volumes: { data: {} }
        """;

    [Fact]
    public void AnyText_IsReadOrRefused() => Text.Sample(
        text =>
        {
            var result = ComposeReader.Read(new ComposeInput { Text = text });
            ComposeFiles.VariableNames(text);
            ComposeFiles.EnvFilePaths(text, new Dictionary<string, string>());
            return (result.Spec is null) != (result.Errors.Count == 0) && result.Errors.All(error => error is { Line: >= 1, Column: >= 1, Text.Length: > 0 });
        },
        iter: 20_000);
}
