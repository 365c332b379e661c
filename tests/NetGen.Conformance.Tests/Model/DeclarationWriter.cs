using System.Text;
using NetGen.Conformance.Tests.Layers;
using NetGen.Conformance.Tests.Losses;

namespace NetGen.Conformance.Tests.Model;

/// <summary>Writes a network as a user would declare it: attributes on a partial class, and the classes of its blocks.</summary>
internal sealed class DeclarationWriter
{
    private readonly string _network;
    private readonly int _style;
    private readonly List<string> _blocks = [];
    private int _layers;

    private DeclarationWriter(string network, int style)
    {
        _network = network;
        _style = style;
    }

    /// <param name="style">
    /// Chooses among the ways to say the same thing (sizes written or inferred, numbers or pairs, arguments or properties),
    /// layer by layer; 0 always takes the shortest.
    /// </param>
    /// <param name="declaredAs">What it is declared with besides.</param>
    public static string Write(
        Stack stack, string modifiers = "public sealed", int style = 0, DeclaredAs declaredAs = DeclaredAs.Usual)
    {
        var writer = new DeclarationWriter(stack.Name, style);
        var source = new StringBuilder();
        string dimensions = string.Join(", ", stack.Input.Dimensions.Select(AttributeWriter.Code));
        source.Append(stack.HasDeclaredInput ? "[Network]\n" : $"[Network({dimensions})]\n");
        if (declaredAs.HasFlag(DeclaredAs.Stream))
            source.Append("[Stream]\n");
        bool isTrained = !declaredAs.HasFlag(DeclaredAs.InferenceOnly);
        if (!isTrained)
            source.Append(declaredAs.HasFlag(DeclaredAs.BFloat16) ? "[InferenceOnly(Weights = WeightFormat.BFloat16)]\n" : "[InferenceOnly]\n");
        writer.WriteLayers(source, stack.Layers);
        foreach (Loss loss in stack.Losses.Where(_ => isTrained))
            source.Append(loss.Attribute).Append('\n');
        source.Append(modifiers).Append(" partial class ").Append(stack.Name).Append(";\n");
        foreach (string block in writer._blocks)
            source.Append('\n').Append(block);
        return source.ToString();
    }

    private void WriteLayers(StringBuilder source, IEnumerable<Node> layers)
    {
        var names = new AutomaticNames();
        foreach (Node node in layers)
        {
            var attribute = new AttributeWriter(_style == 0 ? 0 : Numbers.Hash(_style, (uint)_layers));
            _layers++;
            string automatic = names.Next(node.Layer.Stem);
            if (node.Layer is Input)
                attribute.Argument($"\"{node.Name}\"");
            string name = node.Layer.Declare(attribute, node.InputShapes);
            if (automatic != node.Name && node.Layer is not (Input or Output))
                attribute.Property("Name", $"\"{node.Name}\"");
            if (node.Shares is not null)
                attribute.Property("Shares", $"\"{node.Shares}\"");
            if (node.SaysFrozen)
                attribute.Property("Frozen", "true");
            if (node.Scopes.Count > 0 && node.Layer is not ComposedLayer)
                name += $"<{string.Join(", ", node.Scopes.Select(scope => WriteBlock(scope, node)))}>";
            source.Append(attribute.Text(name)).Append('\n');
        }
    }

    /// <param name="user">The layer that the block is of.</param>
    /// <returns>The name of the block's class.</returns>
    private string WriteBlock(Scope scope, Node user)
    {
        string name = $"{_network}Block{AttributeWriter.Code(_blocks.Count + 1)}";
        int slot = _blocks.Count;
        _blocks.Add("");
        bool isNetwork = user.Layer is Part;
        string dimensions = string.Join(", ", user.Inputs[0].Shape.Dimensions.Select(AttributeWriter.Code));
        var block = new StringBuilder(isNetwork ? $"[Network({dimensions})]\n" : "[Block]\n");
        WriteLayers(block, scope.Layers);
        block.Append(isNetwork ? "public sealed partial class " : "internal sealed class ").Append(name).Append(";\n");
        _blocks[slot] = block.ToString();
        return name;
    }
}
