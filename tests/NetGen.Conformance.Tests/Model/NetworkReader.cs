using NetGen.Conformance.Tests.Layers;

namespace NetGen.Conformance.Tests.Model;

/// <summary>
/// Reads words as a program with a cursor: every layer reads the value where the cursor stands and those that it names, and moves the
/// cursor to what it gives.
/// </summary>
/// <param name="words">They are taken from it up to what belongs to no layer here.</param>
internal sealed class NetworkReader(Queue<string> words)
{
    /// <summary>All that has been read, by path.</summary>
    private readonly Dictionary<string, Node> _known = [];
    private readonly List<Node> _operations = [];
    private readonly List<Port> _inputs = [], _outputs = [];

    /// <summary>What is read now is frozen, or in a block that is.</summary>
    private bool _isFrozen;

    /// <summary>The layers that compute, in an order in which they can run.</summary>
    public IReadOnlyList<Node> Operations => _operations;

    /// <summary>In the order of their words.</summary>
    public IReadOnlyList<Port> Inputs => _inputs;

    /// <summary>In the order of their words; empty where none publishes a value.</summary>
    public IReadOnlyList<Port> Outputs => _outputs;

    /// <summary>An input of the network, to be named by the layers that follow.</summary>
    public Node AddInput(Input input, string name)
    {
        Node node = AddOutside(input, name);
        _inputs.Add(new Port(name, node.Output, input.Elements) { Axis = input.Axis(name) });
        return node;
    }

    /// <summary>A value that stands for a layer that is not among the words.</summary>
    public Node AddOutside(Input input, string name)
    {
        var node = new Node(input, name, name, [], [new Value(input.Whole)]);
        if (!_known.TryAdd(name, node))
            throw new FormatException($"There are two values {name}.");
        return node;
    }

    /// <param name="prefix">The path of the block that holds the layers, with a dot behind it; empty for the network.</param>
    /// <param name="owner">The same of the block whose parameters they use.</param>
    public Scope ReadScope(string prefix, Value cursor, string? owner = null)
    {
        // Unless a layer is called so, the name of a scope's input.
        string scopeInput = prefix + Input.DefaultName;
        _known.TryAdd(scopeInput, new Node(new Input(cursor.Shape), Input.DefaultName, scopeInput, [], [cursor]));
        var layers = new List<Node>();
        var names = new AutomaticNames();
        while (words.TryPeek(out string? text) && text is not ("]" or "|"))
        {
            Word word = Word.Parse(text);
            if (Registry.IsLoss(word))
                break;
            words.Dequeue();
            Layer layer = Registry.ReadLayer(word, cursor.Shape);
            string automatic = names.Next(layer.Stem), name = layer is Output named ? named.Name : word.Name ?? automatic, path = prefix + name;
            string ownPath = Owner(word, layer, path, owner is null ? path : owner + name);
            bool isFrozenAround = _isFrozen;
            _isFrozen |= word.IsFrozen;
            Node node = layer switch
            {
                ComposedLayer composed => ReadComposed(composed, name, path, cursor, ownPath),
                BlockLayer block => ReadBlock(block, name, path, cursor, ownPath),
                Operation operation => ReadOperation(operation, name, path, cursor, ownPath),
                Output output when prefix.Length == 0 => AddOutput(output, cursor),
                Input input when prefix.Length == 0 => AddInput(input, name),
                _ => throw new FormatException($"'{text}' cannot stand here."),
            };
            if (word.Shares is not null && !_operations.Any(operation => HasTensors(operation)
                && (operation.Path + ".").StartsWith(path + ".", StringComparison.Ordinal)))
            {
                throw new FormatException($"{path} has no parameters to share.");
            }
            node = node with { Shares = word.Shares, SaysFrozen = word.IsFrozen, IsFrozen = _isFrozen };
            _isFrozen = isFrozenAround;
            layers.Add(node);
            _known[path] = node;
            cursor = node.Output;
        }
        return new Scope(layers, cursor);
    }

    private Node AddOutput(Output output, Value cursor)
    {
        _outputs.Add(new Port(output.Name, cursor));
        return new Node(output, output.Name, output.Name, [cursor], [cursor]);
    }

    /// <summary>The path of the layer that the tensors belong to.</summary>
    /// <param name="usual">Where nothing is said, or the layer is in a block that shares.</param>
    private string Owner(Word word, Layer layer, string path, string usual)
    {
        if (word.Shares is null && usual == path)
            return path;
        Node? owner = word.Shares is { } shared ? Resolve(path, shared) : _known.GetValueOrDefault(usual);
        return owner is not null && (owner.Layer.GetType() == layer.GetType() || (HasCommonMatrix(owner.Layer) && HasCommonMatrix(layer)))
            ? owner.Owner
            : throw new FormatException($"{path} shares the parameters of no layer of its kind.");
    }

    /// <summary>A product's weight may be a table whose rows are looked up as they are.</summary>
    private static bool HasCommonMatrix(Layer layer) => layer is Linear or Embedding { MaxNorm: null };

    private Node ReadOperation(Operation operation, string name, string path, Value cursor, string owner)
    {
        Node[] named = [.. operation.Reads.Select(read => Resolve(path, read))];
        (Operation connected, IReadOnlyList<Value> inputs) = operation.Connect(cursor, named);
        return Append(connected, name, path, inputs, owner);
    }

    /// <summary>A block whose words are not among those of the network.</summary>
    private Node ReadComposed(ComposedLayer layer, string name, string path, Value cursor, string owner)
    {
        Queue<string> around = words;
        words = new Queue<string>([.. layer.Words.Split(' '), "]"]);
        Node node = ReadBlock(layer, name, path, cursor, owner);
        words = around;
        return node;
    }

    private Node ReadBlock(BlockLayer block, string name, string path, Value cursor, string owner)
    {
        var scopes = new List<Scope>();
        do
        {
            string scopeName = scopes.Count < block.ScopeNames.Count
                ? block.ScopeNames[scopes.Count]
                : throw new FormatException($"The block {path} has more than {block.ScopeNames.Count} part(s).");
            string below = scopeName.Length == 0 ? "." : $".{scopeName}.";
            Scope scope = ReadScope(path + below, cursor, owner + below);
            scopes.Add(scope);
            if (scope.Layers.Count == 0)
                throw new FormatException($"Part {AttributeWriter.Code(scopes.Count)} of the block {path} is empty.");
        }
        while (Take("|"));
        if (!Take("]"))
            throw new FormatException($"The block {path} is not closed by ']'.");
        IReadOnlyList<Value> joined = block.Joined(cursor, [.. scopes.Select(scope => scope.Result)]);
        Value output = block.Join is { } join ? Append(join, name, path, joined, owner).Output : joined.Single();
        return new Node(block, name, path, [cursor], [output]) { Scopes = scopes, Owner = owner };
    }

    private Node Append(Operation operation, string name, string path, IReadOnlyList<Value> inputs, string owner)
    {
        try
        {
            var node = new Node(operation, name, path, inputs,
                [.. operation.Infer([.. inputs.Select(i => i.Shape)]).Select(shape => new Value(shape))])
            {
                Owner = owner,
                IsFrozen = _isFrozen,
            };
            if (_known.TryGetValue(owner, out Node? shared) && shared.Layer is Operation own
                && !Shapes(own, shared.InputShapes).SequenceEqual(Shapes(operation, node.InputShapes)))
            {
                throw new FormatException($"{path} has not the tensors of {owner}.");
            }
            _operations.Add(node);
            return node;
        }
        catch (FormatException fault)
        {
            throw new FormatException($"{path}: {fault.Message}", fault);
        }
    }

    /// <summary>The layer that is meant: beside the one that names it, else around the block that holds it, and so on outwards.</summary>
    private Node Resolve(string path, string name)
    {
        string[] scopes = path.Split('.')[..^1];
        for (int depth = scopes.Length; depth >= 0; depth--)
        {
            string candidate = string.Join('.', scopes[..depth].Append(name));
            if (_known.TryGetValue(candidate, out Node? node))
                return node;
            // A further output: the layer as if it gave nothing else.
            int dot = candidate.LastIndexOf('.');
            if (dot >= 0 && _known.TryGetValue(candidate[..dot], out node) && node.Layer is Operation operation
                && operation.Ports.ToList().IndexOf(candidate[(dot + 1)..]) is > 0 and var port)
            {
                return node with { Outputs = [node.Outputs[port]] };
            }
        }
        throw new FormatException($"There is no layer {name} before {path}.");
    }

    private static bool HasTensors(Node node) => ((Operation)node.Layer).Tensors(node.InputShapes).Any();

    private static IEnumerable<string> Shapes(Operation operation, IReadOnlyList<Shape> inputs) =>
        operation.Tensors(inputs).Select(tensor => $"{tensor.Name}: {string.Join(", ", tensor.Shape.Select(AttributeWriter.Code))}");

    private bool Take(string word)
    {
        if (!words.TryPeek(out string? next) || next != word)
            return false;
        words.Dequeue();
        return true;
    }
}
