using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Emit;

/// <summary>The declared initialisation of a network as a call of the runtime's factories.</summary>
internal static class InitializerEmitter
{
    private const string Factories = "global::NetGen.Initialization.";

    /// <summary>The scheme of the whole network, and those of its parts in the order of the declaration; none twice.</summary>
    public static (string Otherwise, IReadOnlyList<(string Path, string Scheme)> Parts) Schemes(
        EquatableArray<InitializerSpec> initializers)
    {
        string otherwise = Factories + "PyTorchDefault";
        var parts = new List<(string Path, string Scheme)>();
        // The network's own stand before those of its blocks, so that of two with one path the first counts.
        foreach (InitializerSpec initializer in initializers)
        {
            string scheme = Scheme(initializer);
            foreach (string path in initializer.FullPaths)
            {
                if (path.Length == 0)
                    otherwise = scheme;
                else if (!parts.Exists(part => part.Path == path))
                    parts.Add((path, scheme));
            }
        }
        return (otherwise, parts);
    }

    private static string Scheme(InitializerSpec initializer)
    {
        string[] numbers = initializer.Numbers.Select(Literals.Float).ToArray();
        return initializer.Scheme switch
        {
            InitScheme.PyTorchDefault => Factories + "PyTorchDefault",
            InitScheme.KaimingUniform or InitScheme.KaimingNormal =>
                $"{Factories}Create{initializer.Scheme}(global::NetGen.FanMode.{initializer.Mode}, "
                + $"{Factories}GainOf(global::NetGen.Nonlinearity.{initializer.Nonlinearity}, {numbers[0]}))",
            _ => $"{Factories}Create{initializer.Scheme}({string.Join(", ", numbers)})",
        };
    }
}
