using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Functions;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>
/// The methods of one instruction set: renders kernels on first use, gives kernels that render to the same text one method, and
/// keeps the order in which they were asked for.
/// </summary>
/// <param name="sharesTiles">What <see cref="KernelNames.SharesTiles"/> says.</param>
internal sealed class KernelLibrary(VectorIsa isa, bool sharesTiles) : KernelNames
{
    public override bool SharesTiles => sharesTiles;

    private readonly Dictionary<Kernel, Method> _methodByKernel = [];
    private readonly Dictionary<string, Method> _methodByBody = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Method> _shared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _functions = new(StringComparer.Ordinal);
    private readonly List<Method> _methods = [];
    private readonly List<(string Type, string Expression)> _fields = [];

    private sealed class Method(string name, Kernel kernel, string body, bool skipsLocalsInit)
    {
        private const int ShownSummaries = 3;

        private readonly List<string> _summaries = [kernel.Summary];

        public string Name { get; } = name;

        public Kernel Kernel { get; } = kernel;

        public string Body { get; } = body;

        public bool SkipsLocalsInit { get; } = skipsLocalsInit;

        /// <summary>What it computes, for the first layers that share it.</summary>
        public string Heading => string.Join(" Also: ", _summaries.Take(ShownSummaries))
            + (_summaries.Count > ShownSummaries ? $" And for {Literals.Int(_summaries.Count - ShownSummaries)} more." : "");

        /// <summary>Another layer uses it.</summary>
        public void Serve(Kernel other)
        {
            if (!_summaries.Contains(other.Summary))
                _summaries.Add(other.Summary);
        }
    }

    public override string Use(Kernel kernel)
    {
        if (_methodByKernel.TryGetValue(kernel, out Method? known))
            return known.Name;
        Method method = Find(kernel);
        _methodByKernel.Add(kernel, method);
        return method.Name;
    }

    private Method Find(Kernel kernel)
    {
        if (kernel.SharedAs is not null && _shared.TryGetValue(kernel.SharedAs, out Method? rendered))
        {
            rendered.Serve(kernel);
            return rendered;
        }

        // A slot first, so that callers stand before what they call.
        int position = _methods.Count;
        var writer = new SourceWriter();
        kernel.EmitBody(writer, isa, this);
        string body = writer.ToString(), key = kernel.Parameters.Declaration() + "\n" + body;
        if (_methodByBody.TryGetValue(key, out Method? existing))
        {
            existing.Serve(kernel);
            return existing;
        }

        string name = kernel.Name + "_" + isa.Suffix;
        for (int number = 2; !_names.Add(name); number++)
            name = kernel.Name + Literals.Int(number) + "_" + isa.Suffix;
        var method = new Method(name, kernel, body, writer.HasUnclearedStack);
        _methodByBody.Add(key, method);
        if (kernel.SharedAs is not null)
            _shared.Add(kernel.SharedAs, method);
        _methods.Insert(System.Math.Min(position, _methods.Count), method);
        return method;
    }

    public override string Field(string type, string expression)
    {
        int index = _fields.IndexOf((type, expression));
        if (index < 0)
        {
            index = _fields.Count;
            _fields.Add((type, expression));
        }
        return FieldName(type, index);
    }

    private static string FieldName(string type, int index) => type + Literals.Int(index + 1);

    public override string Math(ElementFunction function)
    {
        string name = VectorCode.NameOf(function, isa);
        if (!_functions.ContainsKey(name))
        {
            _functions.Add(name, "");
            _functions[name] = new VectorCode(isa, this).Method(function);
        }
        return name;
    }

    public void Emit(SourceWriter writer)
    {
        for (int i = 0; i < _fields.Count; i++)
        {
            writer.Line();
            writer.Line($"private static readonly {_fields[i].Type} {FieldName(_fields[i].Type, i)} = {_fields[i].Expression};");
        }
        foreach (Method method in _methods)
        {
            writer.Line();
            writer.Line($"/// <summary>{XmlText.Escape(method.Heading)}</summary>");
            string tile = method.Kernel.Tile is { } describe ? " " + describe(isa) : "";
            writer.Line($"/// <remarks>{XmlText.Escape(isa.Title)}. {XmlText.Escape(method.Kernel.Remarks + tile)}</remarks>");
            // Constant kernels go straight to full optimisation; in tier 0 they would be a hundred times slower.
            if (method.Kernel.IsHot)
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
            if (method.SkipsLocalsInit)
                writer.Line("[SkipLocalsInit]");
            using (writer.UncheckedMethod($"internal static void {method.Name}({method.Kernel.Parameters.Declaration()})"))
                writer.Line(method.Body.TrimEnd('\n'));
        }
        foreach (string function in _functions.Values)
        {
            writer.Line();
            writer.Line(function.TrimEnd('\n'));
        }
    }
}
