using System.Runtime.InteropServices;
using System.Text.Json;

namespace NetGen.Data.Tests;

/// <summary>The values of golden/*.json, which golden/make_*.py wrote.</summary>
internal static class Golden
{
    public static JsonElement Images { get; } = Read("images.json");

    public static JsonElement Jpegs { get; } = Read("jpegs.json");

    public static JsonElement Augment { get; } = Read("augment.json");

    public static JsonElement Scalers { get; } = Read("scalers.json");

    public static JsonElement Transforms { get; } = Read("transforms.json");

    public static byte[] Bytes(this JsonElement element, string name) => element.GetProperty(name).GetBytesFromBase64();

    public static float[] Floats(this JsonElement element, string name) => MemoryMarshal.Cast<byte, float>(element.Bytes(name)).ToArray();

    public static int Int(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>The names of the cases of an array, for theories.</summary>
    public static TheoryData<string> Names(this JsonElement cases) => new(cases.EnumerateArray().Select(item => item.Text("name")));

    public static JsonElement Named(this JsonElement cases, string name)
        => cases.EnumerateArray().Single(item => item.Text("name") == name);

    private static JsonElement Read(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", file))).RootElement;
}
