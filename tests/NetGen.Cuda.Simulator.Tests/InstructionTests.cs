using static NetGen.Cuda.Simulator.Tests.Kernels;

namespace NetGen.Cuda.Simulator.Tests;

/// <summary>Instructions one by one, by values that the PTX manual's formulas give and that were worked out by hand.</summary>
public sealed class InstructionTests
{
    public const string Table = ".const .align 4 .u32 table[3] = {11, 22, 33};";

    public static TheoryData<string, uint> Values => new()
    {
        { "mad.lo.s32 %r1, 7, 6, 100;", 142 },
        { "mov.u32 %r2, -3; mad.hi.s32 %r1, %r2, 0x40000000, 1;", 0 },
        { "mul.hi.u32 %r1, 0x80000000, 6;", 3 },
        { "mad.wide.s32 %d1, -2, 3, 10; cvt.u32.u64 %r1, %d1;", 4 },
        { "mul.hi.u64 %d1, 0x8000000000000000, 10; cvt.u32.u64 %r1, %d1;", 5 },
        { "rem.s32 %r1, -7, 3;", unchecked((uint)-1) },
        { "div.s32 %r1, -7, 2;", unchecked((uint)-3) },
        { "shl.b32 %r1, 1, 32;", 0 },
        { "shr.s32 %r1, -8, 40;", uint.MaxValue },
        { "shr.u32 %r1, 0x80000000, 31;", 1 },
        { "shf.l.wrap.b32 %r1, 0x80000001, 0x00000002, 4;", 0x28 },
        { "shf.r.clamp.b32 %r1, 0x80000001, 0x00000002, 32;", 2 },
        { "lop3.b32 %r1, 0xF0F0F0F0, 0xCCCCCCCC, 0xAAAAAAAA, 0x96;", 0x96969696 },
        { "bfe.u32 %r1, 0x12345678, 8, 12;", 0x456 },
        { "bfe.s32 %r1, 0x00000F00, 8, 4;", uint.MaxValue },
        { "bfi.b32 %r1, 0x3, 0xFFFFFF00, 4, 4;", 0xFFFFFF30 },
        { "prmt.b32 %r1, 0x33221100, 0x77665544, 0x7041;", 0x77004411 },
        { "prmt.b32 %r1, 0x80, 0, 0x8888;", uint.MaxValue },
        { "popc.b32 %r1, 0xF0F;", 8 },
        { "clz.b32 %r1, 0;", 32 },
        { "brev.b32 %r1, 1;", 0x80000000 },
        { "not.b32 %r1, 0xFFFF0000;", 0xFFFF },
        { "add.u32 %r1, 0xFFFFFFFF, 2;", 1 },
        { "fma.rn.f32 %f1, 0f3F800001, 0f3F800001, 0fBF800000; mov.b32 %r1, %f1;", Bits(MathF.FusedMultiplyAdd(1.0000001f, 1.0000001f, -1)) },
        { "max.f32 %f1, 0f7FC00000, 0f40000000; mov.b32 %r1, %f1;", Bits(2) },
        { "max.f32 %f1, 0f80000000, 0f00000000; mov.b32 %r1, %f1;", 0 },
        { "min.NaN.f32 %f1, 0f7FC00000, 0f40000000; setp.nan.f32 %p1, %f1, %f1; selp.u32 %r1, 1, 0, %p1;", 1 },
        { "neg.f32 %f1, 0f00000000; mov.b32 %r1, %f1;", 0x80000000 },
        { "abs.f32 %f1, 0fC0400000; mov.b32 %r1, %f1;", Bits(3) },
        { "rcp.rn.f32 %f1, 0f40400000; mov.b32 %r1, %f1;", Bits(1f / 3) },
        { "sqrt.rn.f32 %f1, 0f40000000; mov.b32 %r1, %f1;", Bits(MathF.Sqrt(2)) },
        { "mul.rn.f32 %f1, 0f00800000, 0f3F000000; mov.b32 %r1, %f1;", 0x00400000 },
        { "copysign.f32 %f1, 0fBF800000, 0f40000000; mov.b32 %r1, %f1;", Bits(-2) },
        { "cvt.rzi.s32.f32 %r1, 0fFF800000;", 0x80000000 },
        { "cvt.rzi.u32.f32 %r1, 0f7FC00000;", 0 },
        { "cvt.rni.s32.f32 %r1, 0f40200000;", 2 },
        { "cvt.rmi.s32.f32 %r1, 0fC0200000;", unchecked((uint)-3) },
        { "cvt.rn.f32.u32 %f1, 16777217; mov.b32 %r1, %f1;", Bits(16777216) },
        { "cvt.s32.s8 %r1, 0x80;", 0xFFFFFF80 },
        { "cvt.u32.u16 %r1, 0x8001;", 0x8001 },
        { "cvt.rna.tf32.f32 %r1, 0f3F801000;", 0x3F802000 },
        { "cvt.rn.bf16.f32 %h1, 0f3F808000; cvt.u32.u16 %r1, %h1;", 0x3F80 },
        { "cvt.rn.bf16x2.f32 %r1, 0f3F800000, 0f40490FDB;", 0x3F804049 },
        { "cvt.rn.f16x2.f32 %r1, 0f3F800000, 0fC0000000;", 0x3C00C000 },
        { "cvt.rn.f16.f32 %h1, 0f477FF000; cvt.f32.f16 %f1, %h1; mov.b32 %r1, %f1;", Bits(float.PositiveInfinity) },
        { "mov.b64 %d1, {1, 2}; shr.u64 %d1, %d1, 32; cvt.u32.u64 %r1, %d1;", 2 },
        { "mov.b32 %r2, 0xAAAABBBB; mov.b32 {%h1, %h2}, %r2; mov.b32 %r1, {%h2, %h1};", 0xBBBBAAAA },
        { "setp.lt.or.s32 %p1|%p2, 3, 2, %p3; selp.u32 %r1, 7, 9, %p2;", 7 },
        { "setp.neu.f32 %p1, 0f7FC00000, 0f00000000; selp.u32 %r1, 7, 9, !%p1;", 9 },
        { "setp.ne.f32 %p1, 0f7FC00000, 0f00000000; selp.u32 %r1, 7, 9, %p1;", 9 },
        { "setp.ge.s64 %p1, -1, 0; selp.u32 %r1, 7, 9, %p1;", 9 },
        { "setp.hi.u64 %p1, -1, 0; selp.u32 %r1, 7, 9, %p1;", 7 },
        { "mov.pred %p1, -1; not.pred %p2, %p1; xor.pred %p4, %p1, %p2; selp.u32 %r1, 1, 0, %p4;", 1 },
        { "ld.const.u32 %r1, [table+4];", 22 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void GivesItsValue(string body, uint expected)
    {
        string setPredicate = "setp.eq.u32 %p3, %t, 99999;";
        uint[] memory = Run($"{setPredicate} {body} st.global.u32 [%at], %r1;", outside: Table);
        Assert.All(memory, value => Assert.Equal(expected, value));
    }

    [Theory]
    [InlineData("shfl.sync.idx.b32 %r1, %t, 3, 31, -1;", "3 3 3 3 3 3 3 3")]
    [InlineData("shfl.sync.up.b32 %r1, %t, 2, 0, -1;", "0 1 0 1 2 3 4 5")]
    [InlineData("shfl.sync.down.b32 %r1, %t, 1, 31, -1;", "1 2 3 4 5 6 7 8")]
    [InlineData("shfl.sync.bfly.b32 %r1, %t, 3, 31, -1;", "3 2 1 0 7 6 5 4")]
    // Segments of four lanes.
    [InlineData("shfl.sync.down.b32 %r1, %t, 1, 0x1C1F, -1;", "1 2 3 3 5 6 7 7")]
    [InlineData("shfl.sync.idx.b32 %r1, %t, 2, 0x1C1F, -1;", "2 2 2 2 6 6 6 6")]
    [InlineData("shfl.sync.up.b32 %r1|%p1, %t, 1, 0, -1; @!%p1 mov.u32 %r1, 77;", "77 0 1 2 3 4 5 6")]
    [InlineData("setp.lt.u32 %p1, %t, 3; vote.sync.ballot.b32 %r1, %p1, -1;", "7 7 7 7 7 7 7 7")]
    [InlineData("setp.lt.u32 %p1, %t, 3; vote.sync.any.pred %p2, %p1, -1; selp.u32 %r1, 1, 0, %p2;", "1 1 1 1 1 1 1 1")]
    [InlineData("setp.lt.u32 %p1, %t, 3; vote.sync.all.pred %p2, !%p1, -1; selp.u32 %r1, 1, 0, %p2;", "0 0 0 0 0 0 0 0")]
    [InlineData("redux.sync.add.u32 %r1, %t, -1;", "496 496 496 496 496 496 496 496")]
    [InlineData("sub.u32 %r2, 3, %t; redux.sync.min.s32 %r1, %r2, -1; neg.s32 %r1, %r1;", "28 28 28 28 28 28 28 28")]
    [InlineData("mov.u32 %r1, %lanemask_le;", "1 3 7 15 31 63 127 255")]
    public void ExchangesValues(string body, string expected)
    {
        uint[] memory = Run(body + " st.global.u32 [%at], %r1;");
        Assert.Equal(expected, string.Join(' ', memory[..8]));
    }

    /// <summary>Of two warps.</summary>
    [Theory]
    [InlineData("bar.red.and.pred %p2, 0, %p1;", 40, 0)]
    [InlineData("bar.red.or.pred %p2, 0, %p1;", 40, 1)]
    [InlineData("bar.red.or.pred %p2, 1, !%p1;", 64, 0)]
    [InlineData("barrier.cta.red.and.aligned.pred %p2, 0, %p1;", 64, 1)]
    public void BlocksVoteAtBarriers(string body, int below, uint expected)
    {
        uint[] memory = Run($"setp.lt.u32 %p1, %t, {below}; {body} selp.u32 %r1, 1, 0, %p2; st.global.u32 [%at], %r1;", threads: 64);
        Assert.All(memory, word => Assert.Equal(expected, word));
    }

    [Theory]
    [InlineData("atom.global.add.u32 %r1, [%out], 2;", 105 + 64)]
    [InlineData("red.global.max.s32 [%out], %t;", 105)]
    [InlineData("red.global.min.u32 [%out], %t;", 0)]
    [InlineData("red.global.inc.u32 [%out], 110;", 105 + 32 - 111)]
    [InlineData("atom.global.exch.b32 %r1, [%out], 9;", 9)]
    [InlineData("atom.global.cas.b32 %r1, [%out], 105, 3;", 3)]
    [InlineData("red.global.and.b32 [%out], 0x61;", 0x61)]
    public void ChangesMemoryAtomically(string body, uint expected) => Assert.Equal(expected, Run(body, memory: [105])[0]);

    [Fact]
    public void LanesOfAGridHaveTheirPlaces()
    {
        uint[] memory = Run("""
            mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x; mad.lo.u32 %r3, %r1, %r2, %t;
            mul.wide.u32 %d1, %r3, 4; add.u64 %d1, %out, %d1;
            mov.u32 %r4, %laneid; mov.u32 %r5, %warpid; mad.lo.u32 %r6, %r5, 100, %r4; mad.lo.u32 %r6, %r1, 1000, %r6;
            st.global.u32 [%d1], %r6;
            """, threads: 48, blocks: 3, memory: new uint[144]);
        for (int i = 0; i < 144; i++)
            Assert.Equal((uint)(i / 48 * 1000 + i % 48 / 32 * 100 + i % 48 % 32), memory[i]);
    }

    [Fact]
    public void SharedMemoryOfTheLaunch()
    {
        uint[] memory = Run("""
            .shared .u32 own[32];
            mov.u32 %r1, buffer; mul.lo.u32 %r2, %t, 4; add.u32 %r1, %r1, %r2;
            st.shared.u32 [%r1], %t;
            mov.u32 %r3, own; add.u32 %r3, %r3, %r2; st.shared.u32 [%r3], 5;
            bar.sync 0;
            xor.b32 %r4, %r2, 124; mov.u32 %r1, buffer; add.u32 %r1, %r1, %r4; ld.shared.u32 %r5, [%r1];
            ld.shared.u32 %r6, [buffer+4]; ld.shared.u32 %r7, [%r3];
            mad.lo.u32 %r5, %r6, 1000, %r5; mad.lo.u32 %r5, %r7, 10000, %r5; st.global.u32 [%at], %r5;
            """, outside: ".extern .shared .align 16 .b8 buffer[];", sharedBytes: 128);
        for (uint i = 0; i < 32; i++)
            Assert.Equal(50_000 + 1000 + 31 - i, memory[i]);
    }

    [Fact]
    public void GenericAddressesReachSharedAndGlobalMemory()
    {
        uint[] memory = Run("""
            .shared .u32 own[32];
            mov.u64 %d1, own; cvta.shared.u64 %d1, %d1; add.u64 %d1, %d1, %bytes;
            st.u32 [%d1], %t; ld.u32 %r1, [%d1];
            cvta.to.shared.u64 %d2, %d1; ld.shared.u32 %r2, [%d2];
            add.u32 %r1, %r1, %r2; st.u32 [%at], %r1;
            """);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (uint)(2 * i)), memory);
    }

    /// <summary>A is 16 × 8 with 100 · row + k, B 8 × 8 with k · 8 + column, both exact in tf32 and placed by the manual's formulas.</summary>
    [Fact]
    public void TensorFloatProduct()
    {
        uint[] memory = Run("""
            shr.u32 %r1, %t, 2; and.b32 %r2, %t, 3;
            mad.lo.u32 %r3, %r1, 100, %r2; add.u32 %r4, %r3, 800; add.u32 %r5, %r3, 4; add.u32 %r6, %r3, 804;
            cvt.rn.f32.u32 %f1, %r3; cvt.rn.f32.u32 %f2, %r4; cvt.rn.f32.u32 %f3, %r5; cvt.rn.f32.u32 %f4, %r6;
            mov.b32 %r10, %f1; mov.b32 %r11, %f2; mov.b32 %r12, %f3; mov.b32 %r13, %f4;
            mad.lo.u32 %r7, %r2, 8, %r1; add.u32 %r8, %r7, 32;
            cvt.rn.f32.u32 %f5, %r7; cvt.rn.f32.u32 %f6, %r8; mov.b32 %r14, %f5; mov.b32 %r15, %f6;
            mov.f32 %f7, 0f3F800000;
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f10, %f11, %f12, %f13}, {%r10, %r11, %r12, %r13}, {%r14, %r15}, {%f7, %f7, %f7, %f7};
            mul.wide.u32 %d1, %t, 16; add.u64 %d1, %out, %d1; st.global.v4.f32 [%d1], {%f10, %f11, %f12, %f13};
            """, memory: new uint[128]);
        CheckProduct(memory, depth: 8);
    }

    /// <summary>The same in bfloat16 and float16, whose two numbers of a register are neighbours along the depth; numbers below 256.</summary>
    [Theory]
    [InlineData("bf16", 8)]
    [InlineData("bf16", 16)]
    [InlineData("f16", 16)]
    public void ShortFloatProduct(string type, int depth)
    {
        string pair = type == "bf16" ? "cvt.rn.bf16x2.f32" : "cvt.rn.f16x2.f32";
        // a(row, k) = row + 8 · (k & 1), b(k, column) = column + (k >> 1).
        string a = $$"""
            cvt.rn.f32.u32 %f1, %r1; add.rn.f32 %f2, %f1, 0f41000000; add.rn.f32 %f3, %f1, 0f41000000; add.rn.f32 %f4, %f1, 0f41800000;
            {{pair}} %r10, %f2, %f1; {{pair}} %r11, %f4, %f3; mov.u32 %r12, %r10; mov.u32 %r13, %r11;
            """;
        string b = $$"""
            add.u32 %r3, %r1, %r2; cvt.rn.f32.u32 %f5, %r3; add.rn.f32 %f6, %f5, 0f40800000;
            {{pair}} %r14, %f5, %f5; {{pair}} %r15, %f6, %f6;
            """;
        string registers = depth == 16 ? "{%r10, %r11, %r12, %r13}, {%r14, %r15}" : "{%r10, %r11}, {%r14}";
        uint[] memory = Run($$"""
            shr.u32 %r1, %t, 2; and.b32 %r2, %t, 3;
            {{a}} {{b}} mov.f32 %f7, 0f00000000;
            mma.sync.aligned.m16n8k{{depth}}.row.col.f32.{{type}}.{{type}}.f32 {%f10, %f11, %f12, %f13}, {{registers}}, {%f7, %f7, %f7, %f7};
            mul.wide.u32 %d1, %t, 16; add.u64 %d1, %out, %d1; st.global.v4.f32 [%d1], {%f10, %f11, %f12, %f13};
            """, memory: new uint[128]);
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                float sum = 0;
                for (int k = 0; k < depth; k++)
                    sum += (row + 8 * (k & 1)) * (column + (k >> 1));
                Assert.Equal(sum, Result(memory, row, column));
            }
        }
    }

    /// <summary>
    /// A is 16 × 16 with 16 · row + k, B 16 × 8 with 8 · k + column, all exact in bfloat16, placed by the manual's formulas: so that no two
    /// places can be mistaken for one another.
    /// </summary>
    [Fact]
    public void BFloat16ProductOfSixteen()
    {
        // Lane 4 g + t: of A the row g at 2 t and 2 t + 1, the row g + 8 there, then both at 2 t + 8 and 2 t + 9; of B the column g.
        uint[] memory = Run("""
            shr.u32 %r1, %t, 2; and.b32 %r2, %t, 3; shl.b32 %r2, %r2, 1;
            mad.lo.u32 %r3, %r1, 16, %r2; cvt.rn.f32.u32 %f1, %r3; add.rn.f32 %f2, %f1, 0f3F800000;
            cvt.rn.bf16x2.f32 %r10, %f2, %f1;
            add.rn.f32 %f3, %f1, 0f43000000; add.rn.f32 %f4, %f2, 0f43000000; cvt.rn.bf16x2.f32 %r11, %f4, %f3;
            add.rn.f32 %f3, %f1, 0f41000000; add.rn.f32 %f4, %f2, 0f41000000; cvt.rn.bf16x2.f32 %r12, %f4, %f3;
            add.rn.f32 %f3, %f3, 0f43000000; add.rn.f32 %f4, %f4, 0f43000000; cvt.rn.bf16x2.f32 %r13, %f4, %f3;
            mad.lo.u32 %r4, %r2, 8, %r1; cvt.rn.f32.u32 %f5, %r4; add.rn.f32 %f6, %f5, 0f41000000;
            cvt.rn.bf16x2.f32 %r14, %f6, %f5;
            add.rn.f32 %f5, %f5, 0f42800000; add.rn.f32 %f6, %f6, 0f42800000; cvt.rn.bf16x2.f32 %r15, %f6, %f5;
            mov.f32 %f7, 0f3F800000;
            mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%f10, %f11, %f12, %f13}, {%r10, %r11, %r12, %r13}, {%r14, %r15}, {%f7, %f7, %f7, %f7};
            mul.wide.u32 %d1, %t, 16; add.u64 %d1, %out, %d1; st.global.v4.f32 [%d1], {%f10, %f11, %f12, %f13};
            """, memory: new uint[128]);
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                float sum = 1;
                for (int k = 0; k < 16; k++)
                    sum += (16 * row + k) * (8 * k + column);
                Assert.Equal(sum, Result(memory, row, column));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LoadsMatrices(bool isTransposed)
    {
        // Numbers of 16 bits: matrix · 64 + row · 8 + column, rows of 16 bytes behind one another.
        string transposed = isTransposed ? ".trans" : "";
        uint[] memory = Run($$"""
            .shared .align 16 .b16 m[256];
            mov.u32 %r1, m; shl.b32 %r2, %t, 4; add.u32 %r1, %r1, %r2;
            shl.b32 %r3, %t, 3; mov.u32 %r9, 0;
            AGAIN:
            add.u32 %r4, %r3, %r9; shl.b32 %r5, %r9, 1; add.u32 %r5, %r1, %r5; cvt.u16.u32 %h1, %r4; st.shared.u16 [%r5], %h1;
            add.u32 %r9, %r9, 1; setp.lt.u32 %p1, %r9, 8; @%p1 bra AGAIN;
            bar.sync 0;
            ldmatrix.sync.aligned.m8n8.x4{{transposed}}.shared.b16 {%r10, %r11, %r12, %r13}, [%r1];
            mul.wide.u32 %d1, %t, 16; add.u64 %d1, %out, %d1; st.global.v4.u32 [%d1], {%r10, %r11, %r12, %r13};
            """, memory: new uint[128]);
        for (int lane = 0; lane < 32; lane++)
        {
            for (int matrix = 0; matrix < 4; matrix++)
            {
                uint first = Number(matrix, lane / 4, lane % 4 * 2), second = Number(matrix, lane / 4, lane % 4 * 2 + 1);
                Assert.Equal(first | second << 16, memory[lane * 4 + matrix]);
            }
        }

        uint Number(int matrix, int row, int column) =>
            (uint)(matrix * 64 + (isTransposed ? column * 8 + row : row * 8 + column));
    }

    [Fact]
    public void CopiesFillWithZeros()
    {
        uint[] memory = Run("""
            .shared .align 16 .b8 s[512];
            mov.u32 %r1, s; shl.b32 %r2, %t, 4; add.u32 %r1, %r1, %r2; and.b32 %r3, %t, 3; shl.b32 %r3, %r3, 2;
            cp.async.cg.shared.global [%r1], [%out], 16, %r3; cp.async.wait_all;
            ld.shared.v4.u32 {%r4, %r5, %r6, %r7}, [%r1];
            bar.sync 0;
            add.u32 %r4, %r4, %r5; add.u32 %r4, %r4, %r6; add.u32 %r4, %r4, %r7; add.u64 %at, %at, 16; st.global.u32 [%at], %r4;
            """, memory: [1, 10, 100, 1000, .. new uint[32]]);
        uint[] sums = [0, 1, 11, 111];
        Assert.Equal(Enumerable.Range(0, 32).Select(lane => sums[lane % 4]), memory[4..]);
    }

    private static void CheckProduct(uint[] memory, int depth)
    {
        for (int row = 0; row < 16; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                float sum = 1;
                for (int k = 0; k < depth; k++)
                    sum += (100 * row + k) * (k * 8 + column);
                Assert.Equal(sum, Result(memory, row, column));
            }
        }
    }

    /// <summary>Rows go to groups of four lanes, eight apart in the second pair of registers; columns two by two to the lanes of a group.</summary>
    private static float Result(uint[] memory, int row, int column) =>
        BitConverter.UInt32BitsToSingle(memory[(row % 8 * 4 + column / 2) * 4 + row / 8 * 2 + column % 2]);
}
