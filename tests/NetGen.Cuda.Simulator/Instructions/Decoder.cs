using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary>Finds the family of an instruction by its name.</summary>
internal static class Decoder
{
    private static readonly Dictionary<string, Func<Opcode, Operands, Instruction>> s_families = new(StringComparer.Ordinal);

    static Decoder()
    {
        Register(ControlFlow.Decode, "bra", "ret", "exit", "trap", "bar", "barrier", "griddepcontrol");
        Register(Arithmetic.Decode, "add", "sub", "mul", "mad", "fma", "div", "rem", "min", "max", "neg", "abs", "sqrt", "rcp", "copysign");
        Register(BitOperation.Decode, "and", "or", "xor", "not", "shl", "shr", "shf", "lop3", "bfe", "bfi", "brev", "popc", "clz", "prmt");
        Register(Move.Decode, "mov", "selp", "cvta");
        Register(Conversion.Decode, "cvt");
        Register(Comparison.Decode, "setp");
        Register(MemoryAccess.Decode, "ld", "st");
        Register(Atomic.Decode, "atom", "red");
        Register(Fence.Decode, "membar", "fence");
        Register(WarpExchange.Decode, "shfl", "vote", "redux", "activemask");
        Register(AsyncCopy.Decode, "cp");
        Register(Matrix.Decode, "mma", "ldmatrix");

        static void Register(Func<Opcode, Operands, Instruction> decode, params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
                s_families.Add(name, decode);
        }
    }

    public static Instruction Decode(Opcode opcode, Operands operands) =>
        s_families.TryGetValue(opcode.Name, out Func<Opcode, Operands, Instruction>? decode)
            ? decode(opcode, operands)
            : throw opcode.Error($"'{opcode.Name}' is no instruction, or this machine does not simulate it");
}
