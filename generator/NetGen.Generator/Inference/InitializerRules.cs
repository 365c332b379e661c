using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Inference;

/// <summary>What must hold between the initialisations that a network declares and its parameters.</summary>
internal static class InitializerRules
{
    public static void Check(EquatableArray<InitializerSpec> initializers, EquatableArray<InferredLayer> layers, List<Problem> problems)
    {
        if (initializers.Count == 0)
            return;
        List<(string Layer, LayerParameter Parameter)> learned = Parameters(layers)
            .Where(pair => pair.Parameter.Role is ParameterRole.Weight or ParameterRole.Bias).ToList();
        foreach (InitializerSpec initializer in initializers)
        {
            string[] paths = initializer.FullPaths.ToArray();
            for (int i = 0; i < paths.Length; i++)
            {
                int? element = initializer.Paths.Count == 0 ? null : i;
                string argument = element is null ? "scheme" : "paths";
                bool isWritten = element is null || initializer.Paths[i].Length > 0;
                List<(string Layer, LayerParameter Parameter)> taken = isWritten
                    ? learned.FindAll(pair => IsAtOrBelow(Name(pair), paths[i])) : new();
                if (taken.Count == 0)
                {
                    string[] known = learned.Select(pair => pair.Layer).Distinct()
                        .Where(layer => layer.StartsWith(initializer.Scope, StringComparison.Ordinal))
                        .Select(layer => layer.Substring(initializer.Scope.Length)).ToArray();
                    string what = element is null
                        ? "There is nothing to initialise" : $"\"{initializer.Paths[i]}\" is no layer or parameter to initialise";
                    problems.Add(new Problem(DiagnosticDescriptors.InitializerPath, initializer.Place, argument, element,
                        new[] { what,
                            known.Length == 0 ? "no layer has parameters"
                            : $"the layers with parameters are {MessageText.List(known)}" }.ToEquatableArray()));
                }
                else if (initializer.NeedsMatrix && !taken.Exists(pair => IsMatrix(pair, paths[i])))
                {
                    (string, LayerParameter Parameter) first = taken[0];
                    problems.Add(new Problem(DiagnosticDescriptors.InitializerNeedsMatrix, initializer.Place, argument, element,
                        new[] { initializer.Scheme.ToString(), Name(first),
                            MessageText.Count(first.Parameter.Shape.Length, "dimension") }.ToEquatableArray()));
                }
            }
        }
    }

    // Below a layer or block only weights are drawn, while the path of a parameter takes a bias as well.
    private static bool IsMatrix((string Layer, LayerParameter Parameter) pair, string path)
        => pair.Parameter.Shape.Length >= 2 && (pair.Parameter.Role == ParameterRole.Weight || Name(pair) == path);

    private static IEnumerable<(string Layer, LayerParameter Parameter)> Parameters(IEnumerable<InferredLayer> layers)
        => layers.SelectMany(layer =>
        LayerRegistry.ParametersOf(layer).Select(parameter => (layer.Path, parameter)).Concat(Parameters(layer.Members)));

    private static string Name((string Layer, LayerParameter Parameter) pair) => pair.Layer + "." + pair.Parameter.Name;

    private static bool IsAtOrBelow(string name, string path)
        => path.Length == 0
            || (name.StartsWith(path, StringComparison.Ordinal) && (name.Length == path.Length || name[path.Length] == '.'));
}
