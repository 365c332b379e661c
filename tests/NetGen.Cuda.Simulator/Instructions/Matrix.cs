using NetGen.Cuda.Simulator.Machine;
using NetGen.Cuda.Simulator.Ptx;

namespace NetGen.Cuda.Simulator.Instructions;

/// <summary><c>mma.sync</c> and <c>ldmatrix</c>: a warp's product of small matrices, and their loads from shared memory.</summary>
internal static class Matrix
{
    public static Instruction Decode(Opcode opcode, Operands operands)
    {
        opcode.Expect("sync");
        opcode.Expect("aligned");
        return opcode.Name == "mma" ? DecodeProduct(opcode, operands) : DecodeLoad(opcode, operands);
    }

    private static MatrixProduct DecodeProduct(Opcode opcode, Operands operands)
    {
        if (operands.Kernel.Kernel.Module.Target < 80)
            throw opcode.Error($"needs .target sm_80, and the module's is sm_{operands.Kernel.Kernel.Module.Target}");
        string shape = opcode.OneOf("m16n8k4", "m16n8k8", "m16n8k16");
        opcode.Expect("row");
        opcode.Expect("col");
        opcode.Expect("f32");
        string type = opcode.OneOf("tf32", "bf16", "f16");
        opcode.Expect(type);
        opcode.Expect("f32");
        int depth = int.Parse(shape.AsSpan(6), System.Globalization.CultureInfo.InvariantCulture);
        if (type == "tf32" ? depth == 16 : depth == 4)
            throw opcode.Error($"there is no .{shape} of .{type}");
        operands.Expect(4);
        // Each register has one tf32, or two of the 16-bit types.
        int perRegister = type == "tf32" ? 1 : 2, aRegisters = 16 * depth / 32 / perRegister, bRegisters = 8 * depth / 32 / perRegister;
        return new MatrixProduct(operands.Targets(0, PtxType.F32, 4), operands.Sources(1, PtxType.B32, aRegisters),
            operands.Sources(2, PtxType.B32, bRegisters), operands.Sources(3, PtxType.F32, 4), depth, type);
    }

    private static LoadMatrix DecodeLoad(Opcode opcode, Operands operands)
    {
        opcode.Expect("m8n8");
        int count = opcode.OneOf("x1", "x2", "x4") switch { "x1" => 1, "x2" => 2, _ => 4 };
        bool isTransposed = opcode.Has("trans");
        opcode.Expect("shared");
        opcode.Expect("b16");
        operands.Expect(2);
        return new LoadMatrix(operands.Targets(0, PtxType.B32, count), operands.Address(1, MemorySpace.Shared), isTransposed);
    }
}

/// <summary>
/// D = A · B + C, of 16 rows and 8 columns. Products are exact, and sums here are in double, from which a result is cut off: PTX leaves
/// the hardware's order and rounding open, and cutting off is what tensor cores were found to do (Fasi et al., Numerical behavior of NVIDIA
/// tensor cores, 2021). So results are compared by a bound and not by their bits.
/// </summary>
internal sealed unsafe class MatrixProduct(int[] d, int[] a, int[] b, int[] c, int depth, string type) : Instruction
{
    public override InstructionKind Kind => InstructionKind.Matrix;

    public override void Run(Warp warp, uint lanes)
    {
        warp.CheckWhole(lanes);
        double* rows = stackalloc double[16 * 16], columns = stackalloc double[8 * 16];
        Gather(warp, a, rows, isA: true);
        Gather(warp, b, columns, isA: false);
        float* results = stackalloc float[16 * 8];
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                double sum = 0;
                for (int k = 0; k < depth; k++)
                    sum += rows[row * 16 + k] * columns[column * 16 + k];
                int lane = (row & 7) * 4 + (column >> 1), register = (row >> 3) * 2 + (column & 1);
                results[row * 8 + column] = Cut(sum + warp.Values<float>(c[register])[lane]);
            }
        }
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
                warp.Values<float>(d[(row >> 3) * 2 + (column & 1)])[(row & 7) * 4 + (column >> 1)] = results[row * 8 + column];
        }
    }

    /// <summary>The nearest float that is not further from zero.</summary>
    private static float Cut(double value)
    {
        float nearest = (float)value;
        if (!(Math.Abs((double)nearest) > Math.Abs(value)))
            return nearest;
        return float.IsInfinity(nearest) ? nearest : nearest > 0 ? MathF.BitDecrement(nearest) : MathF.BitIncrement(nearest);
    }

    /// <summary>
    /// Four lanes share a row of A or a column of B. Registers of A alternate between the upper and the lower eight rows and go along
    /// the depth behind each pair; those of B go along the depth.
    /// </summary>
    private void Gather(Warp warp, int[] registers, double* matrix, bool isA)
    {
        for (int lane = 0; lane < 32; lane++)
        {
            int group = lane >> 2, inGroup = lane & 3;
            for (int i = 0; i < registers.Length; i++)
            {
                uint bits = warp.Words(registers[i])[lane];
                int line = group + (isA && (i & 1) != 0 ? 8 : 0), step = isA ? i >> 1 : i;
                if (type == "tf32")
                {
                    // Of 32 bits the hardware reads 19.
                    matrix[line * 16 + step * 4 + inGroup] = BitConverter.UInt32BitsToSingle(bits & 0xFFFFE000);
                    continue;
                }
                matrix[line * 16 + step * 8 + inGroup * 2] = Widen((ushort)bits);
                matrix[line * 16 + step * 8 + inGroup * 2 + 1] = Widen((ushort)(bits >> 16));
            }
        }
    }

    private double Widen(ushort bits) => type == "bf16"
        ? BitConverter.UInt32BitsToSingle((uint)bits << 16) : (double)BitConverter.UInt16BitsToHalf(bits);
}

/// <summary>Matrices of 8 × 8 numbers of 16 bits: lane 8 · i + r says where row r of matrix i lies.</summary>
internal sealed unsafe class LoadMatrix(int[] targets, MemoryOperand memory, bool isTransposed) : Instruction
{
    public override void Run(Warp warp, uint lanes)
    {
        warp.CheckWhole(lanes);
        ulong* addresses = stackalloc ulong[32];
        uint used = targets.Length == 4 ? Lanes.All : (1u << (8 * targets.Length)) - 1;
        warp.FindAddresses(memory, used, addresses);
        warp.Block.Count(MemorySpace.Shared, addresses, used, 16);
        ushort* matrix = stackalloc ushort[64];
        for (int i = 0; i < targets.Length; i++)
        {
            for (int row = 0; row < 8; row++)
            {
                byte* from = warp.Block.Access(warp, i * 8 + row, MemorySpace.Shared, addresses[i * 8 + row], 16, AccessKind.Read);
                new ReadOnlySpan<ushort>(from, 8).CopyTo(new Span<ushort>(matrix + row * 8, 8));
            }
            for (int lane = 0; lane < 32; lane++)
            {
                int line = lane >> 2, place = (lane & 3) * 2;
                warp.Words(targets[i])[lane] = isTransposed
                    ? matrix[place * 8 + line] | (uint)matrix[(place + 1) * 8 + line] << 16
                    : matrix[line * 8 + place] | (uint)matrix[line * 8 + place + 1] << 16;
            }
        }
    }
}
