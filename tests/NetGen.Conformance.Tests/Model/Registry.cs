using System.Reflection;
using FsCheck;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Networks;

namespace NetGen.Conformance.Tests.Model;

/// <summary>Every layer and loss that these tests know, found in their assembly: a new one is a file, and nothing else.</summary>
internal static class Registry
{
    private static readonly Dictionary<string, Func<Word, Shape, Layer>> s_layers = [];
    private static readonly Dictionary<string, Func<Word, Loss>> s_losses = [];
    private static readonly List<(int Frequency, Func<Place, Gen<string>?> Draw)> s_drawn = [];
    private static readonly List<string> s_rows = [];
    private static readonly List<string> s_drawnLosses = [];
    private static readonly List<Func<Shape, IReadOnlyList<string>>> s_drawnLossesWith = [];

    static Registry()
    {
        // By name, so that what is drawn does not hang on the order of types in the assembly.
        IEnumerable<Type> types = typeof(Registry).Assembly.GetTypes().Where(t => !t.IsAbstract);
        foreach (Type type in types.OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            if (type.IsAssignableTo(typeof(ILayer)))
                Call(nameof(AddLayer), type);
            else if (type.IsAssignableTo(typeof(ILoss)))
                Call(nameof(AddLoss), type);
        }

        static void Call(string method, Type type) =>
            typeof(Registry).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, null);
    }

    /// <summary>All kinds of words for layers.</summary>
    public static IEnumerable<string> LayerKinds => s_layers.Keys;

    public static Layer ReadLayer(Word word, Shape input) => s_layers.TryGetValue(word.Kind, out Func<Word, Shape, Layer>? read)
        ? read(word, input)
        : throw new FormatException($"'{word.Kind}' in '{word.Text}' is no layer.");

    public static bool IsLoss(Word word) => s_losses.ContainsKey(word.Kind);

    public static Loss ReadLoss(Word word) => s_losses.TryGetValue(word.Kind, out Func<Word, Loss>? read)
        ? read(word) with { Of = word.After("of=")?.Split('/') ?? [], Factor = word.Real("factor=") ?? 1 }
        : throw new FormatException($"'{word.Text}' is neither a layer nor a loss, or stands behind the loss.");

    /// <summary>What may be drawn at a place, and how often.</summary>
    public static (int Frequency, Gen<string> Words)[] DrawnLayers(Place place) =>
        [.. s_drawn.Select(layer => (layer.Frequency, Words: layer.Draw(place)!)).Where(drawn => drawn.Words is not null)];

    /// <summary>The networks that stand in the layers' own files.</summary>
    public static IReadOnlyList<string> Rows => s_rows;

    /// <summary>The losses that take any numbers.</summary>
    public static IReadOnlyList<string> DrawnLosses => s_drawnLosses;

    /// <summary>Losses with a factor for each feature or channel of the output, and a layer in front where one is needed.</summary>
    public static IReadOnlyList<string> DrawnLossesWith(Shape output) => [.. s_drawnLossesWith.SelectMany(words => words(output))];

    private static void AddLayer<T>()
        where T : ILayer
    {
        foreach (string kind in T.Kinds)
            s_layers.Add(kind, T.Read);
        s_drawn.Add((T.Frequency, T.Draw));
        s_rows.AddRange(T.Rows);
    }

    private static void AddLoss<T>()
        where T : ILoss
    {
        foreach (string kind in T.Kinds)
            s_losses.Add(kind, T.Read);
        s_drawnLosses.AddRange(T.Drawn);
        s_drawnLossesWith.Add(T.DrawnWith);
    }
}
