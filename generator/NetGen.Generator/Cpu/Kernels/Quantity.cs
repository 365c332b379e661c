using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>A whole number: one that is written down, or the C# expression of one that only the run time knows.</summary>
internal readonly record struct Quantity(int? Number, string? Expression = null)
{
    public static implicit operator Quantity(int number) => new(number);

    public static implicit operator Quantity(string expression) => new(null, expression);

    /// <summary>So many times this.</summary>
    public Quantity Times(int factor) => Number is int number ? checked(number * factor) : $"{Expression} * {Literals.Int(factor)}";

    /// <summary>As C# code has it.</summary>
    public override string ToString() => Expression ?? Literals.Int(Number!.Value);
}
