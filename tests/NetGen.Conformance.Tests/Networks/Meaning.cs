using System.Collections;
using System.Globalization;
using System.Reflection;
using NetGen.Conformance.Tests.Layers;
using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;
using NetGen.Generator.Layers;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Compares what the generator has read of a declaration with what is meant: kinds, names, shapes, and every setting, by the names that
/// settings have in both. Where a setting is missing here, the comparison fails and says so.
/// </summary>
internal static class Meaning
{
    /// <summary>
    /// Sizes that follow from what arrives, and may be written or not; and what the generator calls things in its messages.
    /// </summary>
    private static readonly HashSet<string> s_ignored =
    [
        "Name", "PropertyName", "EmbedDim", "KeyDim", "ValueDim", "Gain", "InChannels", "InFeatures", "In1Features", "In2Features", "InputSize", "Channels", "Features", "Title", "Scopes",
        "RepeatsBlock", "IsNameless",
        // Compared for every layer, since it is said of its place and not of what it computes.
        "Shares", "IsFrozen", "IsFrozenHere",
        // What a part is called and what arrives at it.
        "FullName", "Access", "InputShape",
    ];

    public static void Check(Model.Stack stack, InferredNetwork network)
    {
        CheckPorts(stack.Inputs, network.Inputs);
        CheckPorts(stack.Outputs, network.Outputs);
        CheckLayers(stack.Layers, network.Layers, isFrozenAround: false, stack.ToString());
        Assert.Equal(stack.Losses.Count, network.Spec.Losses.Count);
        for (int i = 0; i < stack.Losses.Count; i++)
            CheckSettings(stack.Losses[i], network.Spec.Losses[i], stack.ToString());
    }

    private static void CheckPorts(IReadOnlyList<Port> meant, IReadOnlyList<InferredPort> read)
    {
        Assert.Equal(meant.Select(port => port.Name), read.Select(port => port.Name));
        Assert.Equal(meant.Select(port => port.Shape.Dimensions), read.Select(port => (IReadOnlyList<int>)[.. port.Shape.Dimensions]));
    }

    /// <param name="isFrozenAround">A block around is frozen, of those within the network that declares the layers.</param>
    private static void CheckLayers(IReadOnlyList<Node> meant, IReadOnlyList<InferredLayer> read, bool isFrozenAround, string where)
    {
        Assert.Equal(meant.Select(node => node.Path), read.Select(layer => layer.Path));
        foreach ((Node node, InferredLayer layer) in meant.Zip(read))
        {
            string what = $"{node.Path} of {where}";
            Assert.Equal(node.Name, layer.Spec.Name);
            Assert.Equal(node.Shares, layer.Spec.Shares);
            Assert.Equal(node.IsFrozen, layer.Spec.IsFrozen);
            bool isFrozenHere = isFrozenAround || node.SaysFrozen;
            Assert.Equal(isFrozenHere, layer.Spec.IsFrozenHere);
            if (layer.Spec is PartSpec part)
                Assert.Equal(node.InputShapes[0].Dimensions, [.. part.InputShape]);
            Assert.Equal(node.Owner, layer.ParameterPath);
            IReadOnlyList<Shape> inputs = InputsOf(node);
            Assert.Equal(inputs[0].Dimensions, layer.Input.Dimensions);
            Assert.Equal(node.Output.Shape.Dimensions, layer.Output.Dimensions);
            if (layer.Spec is ActivationSpec activation)
                CheckSettings(node.Layer, activation.Activation, what);
            else if (node.Layer is ComposedLayer)
                Assert.IsType<SequentialSpec>(layer.Spec);
            else
                CheckSettings(node.Layer is Branches branches ? branches.Operation : node.Layer, layer.Spec, what);
            // The generator has what a block joins among its inputs too, and what the pool gives among an unpooling's.
            if (node.Layer is JoinOperation and not MaxUnpool2d or AttentionOperation)
            {
                Assert.Equal(inputs.Select(shape => shape.Dimensions),
                    layer.Inputs.Select(input => (IReadOnlyList<int>)[.. input.Shape.Dimensions]));
            }
            Assert.Equal(node.Scopes.Count, layer.Scopes.Count);
            foreach ((Scope scope, InferredScope inferred) in node.Scopes.Zip(layer.Scopes))
                CheckLayers(scope.Layers, [.. inferred.Layers], isFrozenHere && node.Layer is not Part, where);
        }
    }

    /// <summary>As the generator has them: what arrives and what is named, each once for each name.</summary>
    private static IReadOnlyList<Shape> InputsOf(Node node) => node.Layer switch
    {
        Arithmetic join => Operands.Read(join.Values, node.InputShapes),
        Concat join => Operands.Read(join.Values, node.InputShapes),
        MatMul join => Operands.Read(join.Values, node.InputShapes),
        // The generator says of an input of the network that its own shape arrives.
        Input => [node.Output.Shape],
        _ => node.InputShapes,
    };

    private static void CheckSettings(object meant, object? read, string where)
    {
        Assert.NotNull(read);
        string kind = read.GetType().Name.Replace("Spec", "", StringComparison.Ordinal).Replace("Activation", "", StringComparison.Ordinal);
        Assert.True(IsCalled(meant.GetType(), kind), $"{where} was read as {kind}, not {meant.GetType().Name}.");
        CheckProperties(meant, read, where);
    }

    private static void CheckProperties(object meant, object read, string where)
    {
        foreach (PropertyInfo setting in read.GetType().GetProperties().Where(p => p.CanWrite && !s_ignored.Contains(p.Name)))
        {
            object? value = setting.GetValue(read);
            if (value is AttentionOptions options)
            {
                CheckProperties(meant, options, where);
                continue;
            }
            PropertyInfo? same = meant.GetType().GetProperty(setting.Name);
            // A setting that is not declared may be unknown here.
            if (same is null && value is null)
                continue;
            Assert.True(same is not null, $"{where}: the tests' {meant.GetType().Name} has no {setting.Name}, which is {value}.");
            string expected = Text(same.GetValue(meant)), actual = Text(value);
            Assert.True(expected == actual, $"{where}: {setting.Name} was read as {actual}, not {expected}.");
        }
    }

    /// <summary>The type or one that it derives from has that name: the generator has one record for what differs in a setting.</summary>
    private static bool IsCalled(Type? type, string name) => type is not null && (type.Name == name || IsCalled(type.BaseType, name));

    private static string Text(object? value) => value switch
    {
        null => "",
        Shape shape => Text(shape.Dimensions),
        string text => text,
        IEnumerable several => "[" + string.Join(", ", several.Cast<object>().Select(Text)) + "]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
