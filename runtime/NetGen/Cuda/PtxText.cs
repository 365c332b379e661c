using System.Globalization;
using System.Text;

namespace NetGen.Cuda;

/// <summary>A register of a kernel, or a number in its place.</summary>
internal readonly record struct PtxOperand(string Text)
{
    public override string ToString() => Text;
}

/// <summary>Writes one kernel as PTX, a line for each operation, with a register of its own for each result.</summary>
/// <param name="name">The kernel's name.</param>
/// <param name="threads">Threads of a block.</param>
internal sealed class PtxText(string name, int threads)
{
    private const int PerLine = 12;

    private readonly StringBuilder _body = new();
    private readonly List<string> _parameters = [];
    private readonly Dictionary<string, List<string>> _registers = [];
    private readonly List<string> _shared = [];

    /// <summary>A parameter's value.</summary>
    /// <param name="type">u64, which is an address in the GPU's memory, u32 or f32.</param>
    /// <param name="parameter">Its name.</param>
    public PtxOperand Parameter(string type, string parameter)
    {
        _parameters.Add($"    .param .{type} {parameter}");
        PtxOperand value = Op($"ld.param.{type}", Class(type), $"[{parameter}]");
        if (type == "u64")
            Line($"cvta.to.global.u64 {value}, {value}");
        return value;
    }

    /// <summary>An array of the block's, in bytes, and its address.</summary>
    public PtxOperand Shared(string array, int bytes)
    {
        _shared.Add(string.Create(CultureInfo.InvariantCulture, $"    .shared .align 16 .b8 {array}[{bytes}];\n"));
        return Op("mov.u32", "b32", array);
    }

    /// <summary>The result of an operation, in a new register.</summary>
    /// <param name="operation">With its modifiers.</param>
    /// <param name="type">The register's: f32, f64, b32, b64 or pred.</param>
    /// <param name="operands">As they stand in the text.</param>
    public PtxOperand Op(string operation, string type, params ReadOnlySpan<string> operands)
    {
        PtxOperand result = Register(type);
        Line($"{operation} {result}, {string.Join(", ", operands.ToArray())}");
        return result;
    }

    /// <summary>An operation without a result, or one that goes to a register that is there.</summary>
    public void Line(string text) => _body.Append("    ").Append(text).Append(";\n");

    /// <summary>A place to go to.</summary>
    public void Label(string label) => _body.Append(label).Append(":\n");

    /// <summary>A float in the text.</summary>
    public static string Number(float value)
        => "0f" + BitConverter.SingleToUInt32Bits(value).ToString("X8", CultureInfo.InvariantCulture);

    /// <summary>A whole number in the text.</summary>
    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The kernel's text.</summary>
    public string Render()
    {
        var text = new StringBuilder();
        text.Append($".visible .entry {name}(\n").AppendJoin(",\n", _parameters).Append("\n)\n");
        text.Append($".maxntid {Number(threads)}, 1, 1\n{{\n");
        foreach ((string type, List<string> registers) in _registers)
        {
            for (int i = 0; i < registers.Count; i += PerLine)
                text.Append($"    .reg .{type} ").AppendJoin(", ", registers.Skip(i).Take(PerLine)).Append(";\n");
        }
        foreach (string array in _shared)
            text.Append(array);
        return text.Append('\n').Append(_body).Append("    ret;\n}\n").ToString();
    }

    private static string Class(string type) => type switch { "u32" => "b32", "u64" => "b64", _ => type };

    private PtxOperand Register(string type)
    {
        if (!_registers.TryGetValue(type, out List<string>? known))
            _registers.Add(type, known = []);
        string stem = type switch { "f32" => "f", "f64" => "d", "b32" => "r", "b64" => "a", _ => "p" };
        known.Add($"%{stem}{Number(known.Count + 1)}");
        return new PtxOperand(known[^1]);
    }
}
